/**
 * Arithmetic of points in time, which are arguments here as everywhere in the protocols: deadlines,
 * and time that neither leaps nor goes back. No clock lives here.
 */
@NullMarked
package io.petrel.transport.time;

import org.jspecify.annotations.NullMarked;
