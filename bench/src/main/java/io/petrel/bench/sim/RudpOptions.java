package io.petrel.bench.sim;

import io.petrel.bench.cli.Quantities;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is sent over reliable UDP in a simulation, and how, beside the link it crosses. */
final class RudpOptions {
  @Option(
      names = "--bytes",
      converter = Quantities.Bytes.class,
      paramLabel = "SIZE",
      description = "How much each flow sends: 10MB unless --messages or --seconds is given.")
  @Nullable Long bytes;

  @Option(
      names = "--messages",
      paramLabel = "N",
      description = "How many messages each flow sends.")
  @Nullable Long messages;

  @Option(
      names = "--size",
      defaultValue = "1024",
      converter = Quantities.Bytes.class,
      paramLabel = "SIZE",
      description = "Size of a message.")
  long messageBytes = 1024;

  @Option(
      names = "--interval",
      defaultValue = "0",
      converter = Quantities.Nanoseconds.class,
      paramLabel = "TIME",
      description = "One message each so often; 0 as fast as they are taken.")
  long intervalNs;

  @Option(
      names = "--mtu",
      defaultValue = "1400",
      paramLabel = "BYTES",
      description = "Largest datagram, without UDP and IP headers.")
  int datagramBytes = 1400;

  @Option(
      names = "--cc",
      defaultValue = "cubic",
      paramLabel = "NAME",
      description = "Congestion control: cubic, fixed, bbr, or one that is provided.")
  String congestionControl = "cubic";

  @Option(
      names = "--loss-threshold",
      defaultValue = "2%",
      converter = Quantities.Fraction.class,
      paramLabel = "SHARE",
      description = "Loss beyond this is taken for congestion (bbr).")
  double lossThreshold = 0.02;

  @Option(
      names = "--rebind",
      split = ",",
      converter = Quantities.Nanoseconds.class,
      paramLabel = "TIME",
      description = "When the sender gets a new address: 1s[,...].")
  List<Long> rebindsNs = new ArrayList<>();

  @Option(names = "--flows", defaultValue = "1", description = "Flows that share the link.")
  int flows = 1;

  @Option(
      names = "--stagger",
      defaultValue = "0",
      converter = Quantities.Nanoseconds.class,
      paramLabel = "TIME",
      description = "Each flow starts so much after the one before.")
  long staggerNs;

  @Option(
      names = "--seconds",
      converter = Quantities.Nanoseconds.class,
      paramLabel = "TIME",
      description = "Sends for so long (60s), without an end otherwise.")
  @Nullable Long durationNs;

  @Option(names = "--streams", defaultValue = "1", description = "Streams of a flow, in turns.")
  int streams = 1;

  @Option(
      names = "--ring",
      defaultValue = "auto",
      converter = RingConverter.class,
      paramLabel = "auto|SIZE",
      description = "Ring of a stream; auto: a few times what its share of the link holds.")
  long ringBytes;

  @Option(
      names = "--limit",
      defaultValue = "60s",
      converter = Quantities.Nanoseconds.class,
      paramLabel = "TIME",
      description = "Gives up after so much virtual time.")
  long limitNs = 60_000_000_000L;

  @Option(names = "--seed", defaultValue = "1", description = "Decides everything random.")
  long seed = 1;

  /** Messages differ in length from this up to {@link #messageBytes}; 0: all are equal. */
  long leastMessageBytes;

  /** The reader takes so many messages at once, then pauses. */
  int readerMessages = Integer.MAX_VALUE;

  /** For how long the reader pauses. */
  long readerPauseNs;

  /** Jumps of the clocks, of either side. */
  List<ClockJump> clockJumps = new ArrayList<>();

  /** Whether the sender closes as soon as its last message was taken, rather than at the end. */
  boolean closesEarly;

  /** Silence after which a session is given up. */
  int idleTimeoutMs = 10_000;

  /** The run ends when the network has carried so many packets. */
  long packetLimit = Long.MAX_VALUE;

  /** The longest that nothing may be delivered while the link is up; 0: whatever the limit is. */
  long patienceNs;

  /**
   * A clock that jumps.
   *
   * @param atNs virtual time
   * @param byNs how far, forward or back
   * @param ofSender whose clock
   */
  record ClockJump(long atNs, long byNs, boolean ofSender) {}

  /** Reads {@code auto} or a size. */
  static final class RingConverter implements picocli.CommandLine.ITypeConverter<Long> {
    @Override
    public Long convert(String value) {
      return value.strip().equals("auto") ? 0L : new Quantities.Bytes().convert(value);
    }
  }

  /** Made by the command-line parser, or in code for 10 MB in one flow. */
  RudpOptions() {}

  /** How many messages a flow sends; {@link Long#MAX_VALUE} for as many as fit into the time. */
  long messageCount() {
    if (messages != null) {
      return messages;
    }
    if (bytes == null && durationNs != null) {
      return Long.MAX_VALUE;
    }
    long wanted = bytes == null ? 10_000_000 : bytes;
    return (wanted + messageBytes - 1) / messageBytes;
  }

  /** The virtual time at which the run ends at the latest. */
  long endNs() {
    return durationNs == null ? limitNs : durationNs;
  }
}
