/**
 * Quantities as people write them: durations, sizes, rates and shares with their units. Shared by
 * channel URIs, the context's properties and the command line, so that {@code 20ms} means the same
 * everywhere. No option lives here.
 */
@NullMarked
package io.petrel.transport.units;

import org.jspecify.annotations.NullMarked;
