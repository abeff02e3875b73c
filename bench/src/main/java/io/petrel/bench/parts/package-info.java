/** The command that runs the micro-benchmarks of the jmh package. No benchmark lives here. */
@NullMarked
package io.petrel.bench.parts;

import org.jspecify.annotations.NullMarked;
