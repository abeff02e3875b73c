/**
 * Many sessions on one datagram port: finds the session of a datagram, makes sessions by
 * handshakes, keeps their deadlines, and gives each its turn to send. Knows ports and addresses;
 * the time is an argument here too, so that simulations run the very objects that production runs.
 */
@NullMarked
package io.petrel.rudp.endpoint;

import org.jspecify.annotations.NullMarked;
