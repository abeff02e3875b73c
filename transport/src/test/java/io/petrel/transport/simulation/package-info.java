/** Tests of the simulated network, and the two-host network they share. */
@NullMarked
package io.petrel.transport.simulation;

import org.jspecify.annotations.NullMarked;
