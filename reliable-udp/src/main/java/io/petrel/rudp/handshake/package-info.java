/**
 * How a session comes about: hello, retry with a cookie, hello with the cookie, accept or refuse.
 * The server keeps nothing until the client's address is proven, and answers with less than it got.
 *
 * <pre>
 *   client                                server
 *     | HELLO, 256 bytes or more  -------->  |  keeps nothing
 *     | <------------------  RETRY (cookie)  |
 *     | HELLO (cookie)  ------------------>  |  the address is proven: a session
 *     | <-------------------------  ACCEPT   |
 *     | PING, data  ---------------------->  |  the session is confirmed
 * </pre>
 *
 * Handshake datagrams are numbered apart from the session's, always close with a checksum, and are
 * never acknowledged: what gets lost, the client's repetition brings again.
 */
@NullMarked
package io.petrel.rudp.handshake;

import org.jspecify.annotations.NullMarked;
