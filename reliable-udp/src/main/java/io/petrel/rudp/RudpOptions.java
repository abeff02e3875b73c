package io.petrel.rudp;

import io.petrel.codecs.wire.Integrity;
import io.petrel.rudp.acknowledgement.AckPolicy;
import io.petrel.rudp.congestion.CongestionControllerFactory;
import io.petrel.rudp.congestion.CongestionControllers;
import io.petrel.rudp.congestion.CongestionSettings;
import io.petrel.rudp.endpoint.EndpointSettings;
import io.petrel.rudp.handshake.Offer;
import io.petrel.transport.Channel;
import io.petrel.transport.Context;
import io.petrel.transport.Option;
import io.petrel.transport.OptionGroup;
import io.petrel.transport.Options;
import io.petrel.transport.datagram.DatagramPortOptions;
import io.petrel.transport.datagram.EndpointAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The options of rudp://, and their values for one channel. */
record RudpOptions(Context context, Channel channel) {
  /** What closes each datagram. */
  enum IntegrityChoice {
    AUTO,
    NONE,
    CRC32C
  }

  /** A jumbo frame's; longer ones would be cut up by IP. */
  private static final int LONGEST_DATAGRAM = 8_972;

  static final Option<CongestionControllerFactory> CONGESTION =
      Option.text(
          "cc",
          "cubic",
          "a congestion controller: cubic, bbr, fixed, or one that the application provides",
          CongestionControllers::find,
          "Which congestion controller. cubic is safe on a shared network; fixed is for a network"
              + " one owns.");

  static final Option<Double> LOSS_THRESHOLD =
      Option.share(
          "loss-threshold",
          "2%",
          "0%",
          "50%",
          "How much loss a controller that asks for it takes for the network's nature and not for"
              + " congestion.");

  static final Option<Long> FIXED_WINDOW =
      Option.size(
          "window",
          "128KiB",
          "4KiB",
          "1GiB",
          "Bytes in flight with cc=fixed; never more than twice what the path delivers in a round"
              + " trip, or two trains.");

  static final Option<Integer> DATAGRAM =
      Option.integer(
          "mtu",
          EndpointSettings.DEFAULT_DATAGRAM,
          Offer.SMALLEST_DATAGRAM,
          LONGEST_DATAGRAM,
          "Bytes of the longest datagram, without IP and UDP headers. The lower of both sides'"
              + " values is the most: a session begins with it, or with 1408 where it is more,"
              + " falls back to 1200 on a path that loses longer ones, and finds by probes how much"
              + " passes.");

  static final Option<IntegrityChoice> INTEGRITY =
      Option.choice(
          "integrity",
          IntegrityChoice.AUTO,
          "Whether each datagram closes with a checksum stronger than UDP's: auto leaves it out on"
              + " loopback only. What either side asks for, holds.");

  static final Option<Long> IDLE_TIMEOUT =
      Option.duration(
          "idle-timeout",
          "10s",
          "100ms",
          "60m",
          "A session whose peer is silent for so long ends as TIMED_OUT. The lower of both sides'"
              + " values counts.");

  static final Option<Long> KEEPALIVE =
      Option.duration(
          "keepalive",
          "3s",
          "0",
          "60m",
          "After so long without a word an idle session asks the peer for a sign of life; 0 for"
              + " never. Bounded by a third of the idle timeout.");

  static final Option<Long> CONNECT_TIMEOUT =
      Option.duration(
          "connect-timeout",
          "5s",
          "10ms",
          "10m",
          "How long one attempt to connect may take; then the host is looked up again.");

  static final Option<Long> SOCKET_BUFFER =
      Option.size(
          "socket-buffer",
          "2MiB",
          "64KiB",
          "1GiB",
          "Bytes asked of the kernel for each socket's send and receive buffer.");

  static final Option<Integer> DSCP =
      Option.integer("dscp", 0, 0, 63, "Differentiated services code point of what is sent.");

  static final Option<Integer> BUSY_POLL =
      Option.integer(
          "busy-poll",
          0,
          0,
          1_000_000,
          "Microseconds that the kernel polls the device: SO_BUSY_POLL.");

  static final Option<Integer> PROMOTED =
      Option.integer(
          "promoted",
          16,
          0,
          1024,
          "How many busy sessions of a listener get a socket of their own, which is faster.");

  static final OptionGroup GROUP =
      new OptionGroup(
          "rudp://host:port",
          "Reliable UDP. The side that publishes or connects asks for a session; the one that"
              + " subscribes or listens accepts. Publications of one Petrel to one host and port"
              + " share a session.",
          true,
          List.of(
              Options.STREAM,
              Options.RING,
              Options.UNSENT_LIMIT,
              Options.SESSIONS,
              Options.STREAMS,
              Options.RECONNECT,
              Options.LINGER,
              Options.CLAIM_TIMEOUT,
              CONGESTION,
              LOSS_THRESHOLD,
              FIXED_WINDOW,
              DATAGRAM,
              INTEGRITY,
              IDLE_TIMEOUT,
              KEEPALIVE,
              CONNECT_TIMEOUT,
              SOCKET_BUFFER,
              DSCP,
              BUSY_POLL,
              PROMOTED));

  private static final int KEEPALIVE_SHARE = 3;

  /**
   * The settings of an endpoint.
   *
   * @param loopback whether all its peers are on this machine.
   */
  EndpointSettings endpoint(boolean loopback) {
    int datagram = value(DATAGRAM);
    long idleNs = value(IDLE_TIMEOUT);
    long keepaliveNs = Math.min(value(KEEPALIVE), idleNs / KEEPALIVE_SHARE);
    Offer offer =
        new Offer(
            value(Options.RING).intValue(),
            datagram,
            Math.min(value(Options.STREAMS), EndpointSettings.MOST_STREAMS),
            integrity(loopback),
            (int) TimeUnit.NANOSECONDS.toMillis(idleNs),
            AckPolicy.LONGEST_DELAY_NS);
    CongestionSettings congestion =
        CongestionSettings.defaults(datagram)
            .withFixedWindow(Math.max(value(FIXED_WINDOW), 2L * datagram))
            .withLossThreshold(value(LOSS_THRESHOLD));
    return EndpointSettings.defaults("fixed")
        .withOffer(offer)
        .withCongestion(value(CONGESTION), congestion)
        .withTimes(keepaliveNs, value(Options.LINGER), value(CONNECT_TIMEOUT))
        .withSessions(value(Options.SESSIONS), value(PROMOTED));
  }

  /** The options of a port, but for its addresses. */
  DatagramPortOptions port(EndpointAddress near) {
    int bufferBytes = value(SOCKET_BUFFER).intValue();
    return new DatagramPortOptions()
        .localAddress(near)
        .receiveBufferBytes(bufferBytes)
        .sendBufferBytes(bufferBytes)
        .dscp(value(DSCP))
        .busyPollMicros(value(BUSY_POLL));
  }

  <T> T value(Option<T> option) {
    return context.value(option, channel);
  }

  private Integrity integrity(boolean loopback) {
    return switch (value(INTEGRITY)) {
      case NONE -> Integrity.NONE;
      case CRC32C -> Integrity.CRC32C;
      case AUTO -> loopback ? Integrity.NONE : Integrity.CRC32C;
    };
  }
}
