package io.petrel.rudp.endpoint;

import io.petrel.codecs.wire.Integrity;
import io.petrel.rudp.acknowledgement.AckPolicy;
import io.petrel.rudp.congestion.CongestionControllerFactory;
import io.petrel.rudp.congestion.CongestionControllers;
import io.petrel.rudp.congestion.CongestionSettings;
import io.petrel.rudp.handshake.Offer;

/**
 * What an endpoint and its sessions are made with.
 *
 * @param offer what this side brings to a handshake.
 * @param congestion makes the controllers.
 * @param congestionSettings what they are made with, but for the datagram length agreed on.
 * @param keepaliveNs silence after which a session says something, 0 for never.
 * @param lingerNs how long a graceful close goes on delivering.
 * @param connectTimeoutNs how long a client says hello.
 * @param maximumSessions sessions at a time.
 * @param maximumPromoted sessions with a socket of their own beside the listener's.
 * @param longestBackOffNs probes never come further apart than this, or than the probe timeout.
 * @param sentPacketLimit packets tracked at once by a session, a power of two.
 */
public record EndpointSettings(
    Offer offer,
    CongestionControllerFactory congestion,
    CongestionSettings congestionSettings,
    long keepaliveNs,
    long lingerNs,
    long connectTimeoutNs,
    int maximumSessions,
    int maximumPromoted,
    long longestBackOffNs,
    int sentPacketLimit) {
  /** Ring capacity that suits a data centre. */
  public static final int DEFAULT_RING = 4 * 1024 * 1024;

  /** Datagrams that any Ethernet carries, tunnels included. */
  public static final int DEFAULT_DATAGRAM = 1408;

  /** Streams of a session; more do not fit into one close frame. */
  public static final int MOST_STREAMS = 64;

  private static final int DEFAULT_IDLE_TIMEOUT_MS = 10_000;
  private static final long SECOND_NS = 1_000_000_000L;

  /** The defaults, with a congestion controller by name. */
  public static EndpointSettings defaults(String controller) {
    Offer offer =
        new Offer(
            DEFAULT_RING,
            DEFAULT_DATAGRAM,
            MOST_STREAMS,
            Integrity.CRC32C,
            DEFAULT_IDLE_TIMEOUT_MS,
            AckPolicy.LONGEST_DELAY_NS);
    return new EndpointSettings(
        offer,
        CongestionControllers.find(controller),
        CongestionSettings.defaults(DEFAULT_DATAGRAM),
        3 * SECOND_NS,
        5 * SECOND_NS,
        5 * SECOND_NS,
        1024,
        16,
        SECOND_NS * 2 / 5,
        1 << 16);
  }

  /** With another offer. */
  public EndpointSettings withOffer(Offer other) {
    return new EndpointSettings(
        other,
        congestion,
        congestionSettings,
        keepaliveNs,
        lingerNs,
        connectTimeoutNs,
        maximumSessions,
        maximumPromoted,
        longestBackOffNs,
        sentPacketLimit);
  }

  /** With other settings of the controller. */
  public EndpointSettings withCongestion(
      CongestionControllerFactory factory, CongestionSettings settings) {
    return new EndpointSettings(
        offer,
        factory,
        settings,
        keepaliveNs,
        lingerNs,
        connectTimeoutNs,
        maximumSessions,
        maximumPromoted,
        longestBackOffNs,
        sentPacketLimit);
  }

  /** With other times: keepalive, linger and connect timeout. */
  public EndpointSettings withTimes(long keepalive, long linger, long connectTimeout) {
    return new EndpointSettings(
        offer,
        congestion,
        congestionSettings,
        keepalive,
        linger,
        connectTimeout,
        maximumSessions,
        maximumPromoted,
        longestBackOffNs,
        sentPacketLimit);
  }

  /** With other numbers of sessions. */
  public EndpointSettings withSessions(int maximum, int promoted) {
    return new EndpointSettings(
        offer,
        congestion,
        congestionSettings,
        keepaliveNs,
        lingerNs,
        connectTimeoutNs,
        maximum,
        promoted,
        longestBackOffNs,
        sentPacketLimit);
  }
}
