/**
 * The sending side of a fan-out: one ring to all, what was missed once more, and what receivers
 * must be told for both. Datagrams in, datagrams out, times in between; no socket, thread or clock.
 */
@NullMarked
package io.petrel.multicast.source;

import org.jspecify.annotations.NullMarked;
