/**
 * The mcast transport: multicast fan-out. The protocol in the packages below knows no socket,
 * thread or clock.
 */
@NullMarked
package io.petrel.multicast;

import org.jspecify.annotations.NullMarked;
