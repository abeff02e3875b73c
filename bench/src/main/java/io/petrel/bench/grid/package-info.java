/**
 * {@code petrel report}: runs the benches one after the other, each as its users would, and makes
 * of what they say a report for people: tables, charts, goals, histograms, history.
 *
 * <p>Nothing is measured here, and how a chart is drawn lives in {@code io.petrel.bench.report}.
 */
@NullMarked
package io.petrel.bench.grid;

import org.jspecify.annotations.NullMarked;
