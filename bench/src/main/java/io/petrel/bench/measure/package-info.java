/**
 * How to measure: interleaved rounds, medians, pinned workers, allocation, the state of the
 * machine. Shared by all benches; what is measured lives with them.
 */
@NullMarked
package io.petrel.bench.measure;

import org.jspecify.annotations.NullMarked;
