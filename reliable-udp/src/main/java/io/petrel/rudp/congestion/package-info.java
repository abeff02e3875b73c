/**
 * How much may be in flight, and how fast it may go: congestion controllers behind one narrow
 * interface, the pacer, delivery-rate samples and the cap above every controller.
 *
 * <p>What lives here is told what was sent, acknowledged and lost; finding out what was lost is not
 * its work. No class here knows a socket, a thread, a clock or a packet's content, and none
 * allocates once it is made. Where a rule of an RFC has milliseconds that make no sense on a path
 * of microseconds, the constant says so where it stands.
 */
@NullMarked
package io.petrel.rudp.congestion;

import org.jspecify.annotations.NullMarked;
