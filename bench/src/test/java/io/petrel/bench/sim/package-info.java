/** Tests of the simulators: what the command prints, and sweeps over random configurations. */
@NullMarked
package io.petrel.bench.sim;

import org.jspecify.annotations.NullMarked;
