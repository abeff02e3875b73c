/**
 * JMH micro-benchmarks of single operations, in nanoseconds. What needs two processes or a network
 * is not here but among the rigs.
 */
@NullMarked
package io.petrel.bench.jmh;

import org.jspecify.annotations.NullMarked;
