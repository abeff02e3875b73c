/** Tests of the flight recorder's events. */
@NullMarked
package io.petrel.transport.flight;

import org.jspecify.annotations.NullMarked;
