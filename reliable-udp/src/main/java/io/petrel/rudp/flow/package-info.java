/**
 * The bytes of streams: what was sent, what the peer has, what is to be sent again, how far either
 * side may go. Positions of rings only; packets, numbers and times live elsewhere.
 */
@NullMarked
package io.petrel.rudp.flow;

import org.jspecify.annotations.NullMarked;
