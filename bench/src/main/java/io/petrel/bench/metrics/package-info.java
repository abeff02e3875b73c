/** The bench of counters and histograms. */
@NullMarked
package io.petrel.bench.metrics;

import org.jspecify.annotations.NullMarked;
