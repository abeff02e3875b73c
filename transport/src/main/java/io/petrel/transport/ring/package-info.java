/**
 * Rings: the send window ({@link io.petrel.transport.ring.SendRing}) and its receiving twin ({@link
 * io.petrel.transport.ring.ReceiveRing}), with the layout of the records in them and the bounded
 * set of holes.
 *
 * <p>Bytes and positions only. Sockets, sessions, clocks and mapped files live elsewhere; so does
 * the decision when to send, acknowledge or skip.
 */
@NullMarked
package io.petrel.transport.ring;

import org.jspecify.annotations.NullMarked;
