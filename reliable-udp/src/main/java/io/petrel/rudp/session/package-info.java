/**
 * A session between two proven peers, from its first packet to its last: datagrams in, datagrams
 * out, times in between. No socket, thread or clock; how a session comes about is the handshake's
 * matter.
 */
@NullMarked
package io.petrel.rudp.session;

import org.jspecify.annotations.NullMarked;
