/**
 * {@code petrel demo}: market data by multicast and orders over reliable UDP, first on a network
 * that loses nothing, then on one that does. Each role is a thread with a Petrel of its own, as if
 * it were a process on a host of its own.
 *
 * <p>What it shows is drawn by {@code io.petrel.bench.report}.
 */
@NullMarked
package io.petrel.bench.demo;

import org.jspecify.annotations.NullMarked;
