/**
 * tcp://: rings replicated over kernel TCP by non-blocking sockets. What lives here: the frames, a
 * connection's bytes, the sessions that outlive connections, and the listener. What does not:
 * rings, publications and subscriptions, which are the same for all transports.
 */
@NullMarked
package io.petrel.transport.tcp;

import org.jspecify.annotations.NullMarked;
