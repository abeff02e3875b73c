/**
 * Numbers people can see: counters, histograms and the error log of one engine in one mapped file,
 * which other processes read at no cost to the one that counts. What is counted, and who serves the
 * figures to the outside, lives elsewhere.
 */
@NullMarked
package io.petrel.transport.metrics;

import org.jspecify.annotations.NullMarked;
