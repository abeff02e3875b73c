package io.petrel.transport;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Who is at the other end of a stream.
 *
 * @param sessionId tells this session from all others, also from one that the same peer had before
 * @param stream of the session
 * @param remoteAddress of the peer; null where there is none, as with shared memory
 */
public record SessionInfo(long sessionId, int stream, @Nullable SocketAddress remoteAddress) {}
