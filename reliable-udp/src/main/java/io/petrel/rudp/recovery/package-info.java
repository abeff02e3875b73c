/**
 * What a sender knows of the packets it sent: round trips, what was delivered and how fast, what
 * was lost, when to probe. Works on packet numbers and send times only; which bytes of which ring a
 * packet carried is kept here for others, never interpreted. No frames, no windows, no pacing.
 */
@NullMarked
package io.petrel.rudp.recovery;

import org.jspecify.annotations.NullMarked;
