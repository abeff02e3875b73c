/** Small programs that people copy. */
@NullMarked
package io.petrel.samples;

import org.jspecify.annotations.NullMarked;
