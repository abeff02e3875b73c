package io.petrel.transport.tcp;

import io.petrel.transport.Channel;
import io.petrel.transport.Context;
import io.petrel.transport.Option;
import io.petrel.transport.OptionGroup;
import io.petrel.transport.Options;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The options of tcp://, and their values for one channel. */
record TcpOptions(
    int ringCapacity,
    int streams,
    int sessions,
    int idleTimeoutMs,
    long connectTimeoutNs,
    long reconnectNs,
    long lingerNs,
    long claimTimeoutNs,
    int socketBufferBytes) {
  static final Option<Long> IDLE_TIMEOUT =
      Option.duration(
          "idle-timeout",
          "30s",
          "100ms",
          "60m",
          "A session whose peer is silent for so long ends as TIMED_OUT; an idle one sends a sign"
              + " of life every quarter of it. The lower of both sides' values counts.");

  static final Option<Long> CONNECT_TIMEOUT =
      Option.duration(
          "connect-timeout",
          "5s",
          "10ms",
          "10m",
          "How long one attempt to connect, or a peer's hello, may take.");

  static final Option<Long> SOCKET_BUFFER =
      Option.size(
          "socket-buffer",
          "0",
          "0",
          "1GiB",
          "Bytes of the kernel's send and receive buffers; 0 leaves them to the kernel, which"
              + " adapts them.");

  static final OptionGroup GROUP =
      new OptionGroup(
          "tcp://host:port",
          "Kernel TCP. The side that publishes or connects dials; the one that subscribes or"
              + " listens accepts. Publications of one Petrel to one host and port share a"
              + " connection.",
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
              IDLE_TIMEOUT,
              CONNECT_TIMEOUT,
              SOCKET_BUFFER));

  static TcpOptions of(Context context, Channel channel) {
    return new TcpOptions(
        context.value(Options.RING, channel).intValue(),
        context.value(Options.STREAMS, channel),
        context.value(Options.SESSIONS, channel),
        (int) TimeUnit.NANOSECONDS.toMillis(context.value(IDLE_TIMEOUT, channel)),
        context.value(CONNECT_TIMEOUT, channel),
        context.value(Options.RECONNECT, channel),
        context.value(Options.LINGER, channel),
        context.value(Options.CLAIM_TIMEOUT, channel),
        context.value(SOCKET_BUFFER, channel).intValue());
  }

  TcpTerms terms(long sessionId) {
    return new TcpTerms(sessionId, ringCapacity, streams, idleTimeoutMs);
  }
}
