/**
 * Datagram ports: the one door between the protocols and a network, real or simulated. Here live
 * the interface, addresses, options, results, statistics, the staging train and the choice of a
 * rung. The ports themselves live elsewhere: {@code linux} (native), {@code nio} (any platform) and
 * {@code simulation} (virtual time). Nothing here knows what a datagram says, except where its
 * header keeps its length.
 */
@NullMarked
package io.petrel.transport.datagram;

import org.jspecify.annotations.NullMarked;
