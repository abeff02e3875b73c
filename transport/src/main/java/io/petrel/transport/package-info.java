/** The API: {@code Petrel} and what it hands out. The machinery lives in the packages below. */
@NullMarked
package io.petrel.transport;

import org.jspecify.annotations.NullMarked;
