/**
 * The receiving side of a fan-out: puts what comes in its place, asks for what does not, says how
 * far it is. One receiver for each source heard, and the table of them. Datagrams in, datagrams
 * out, times in between; no socket, thread or clock.
 */
@NullMarked
package io.petrel.multicast.receiver;

import org.jspecify.annotations.NullMarked;
