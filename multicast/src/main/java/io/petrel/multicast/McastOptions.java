package io.petrel.multicast;

import io.petrel.multicast.flow.FlowMode;
import io.petrel.multicast.join.JoinPoint;
import io.petrel.multicast.receiver.ReceiverSettings;
import io.petrel.multicast.source.SourceSettings;
import io.petrel.transport.Channel;
import io.petrel.transport.Context;
import io.petrel.transport.Option;
import io.petrel.transport.OptionGroup;
import io.petrel.transport.Options;
import io.petrel.transport.datagram.DatagramPortOptions;
import io.petrel.transport.datagram.EndpointAddress;
import io.petrel.transport.units.Units;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The options of mcast://, and their values for one channel. */
record McastOptions(Context context, Channel channel) {
  /** What closes each datagram. */
  enum IntegrityChoice {
    AUTO,
    NONE,
    CRC32C
  }

  /** Where a subscription begins that comes late. */
  enum Join {
    LIVE,
    WINDOW,
    JOURNAL
  }

  /** Who hears NAKs. */
  enum Heard {
    PEERS,
    SOURCE
  }

  /** A jumbo frame's; longer ones would be cut up by IP. */
  private static final int LONGEST_DATAGRAM = 8_972;

  private static final int SHORTEST_DATAGRAM = 288;
  private static final int DEFAULT_DATAGRAM = 1_408;
  private static final long BITS_A_BYTE = 8;
  private static final String NONE = "none";

  static final Option<String> INTERFACE =
      Option.text(
          "interface",
          "auto",
          "a name or an address, or auto",
          text -> text,
          "The network interface, always one: auto takes the first that is up and can multicast,"
              + " the loopback if there is none, and logs it.");

  static final Option<String> SOURCE =
      Option.text(
          "source",
          NONE,
          "an address, or one for each line with a comma between, or none",
          text -> text,
          "Subscribing: join for this source alone. Receivers then cannot hear each other ask: set"
              + " nak-heard=source on both sides.");

  static final Option<String> LINES =
      Option.text(
          "lines",
          NONE,
          "a second group as group:port or group:port@interface, or none",
          text -> text,
          "A second group that carries the same, B to the A of the URI: what either brings first is"
              + " delivered, what one lost comes from the other. Without an interface of its own it"
              + " has the first one's.");

  static final Option<FlowMode> FLOW =
      Option.choice(
          "fc",
          FlowMode.FASTEST,
          "Publishing: whom to wait for. fastest: nobody, who cannot keep up loses and is told so;"
              + " slowest: everybody who makes progress; named: those of the option receivers.");

  static final Option<long[]> RECEIVERS =
      Option.text(
          "receivers",
          NONE,
          "numbers with commas between, or none",
          McastOptions::numbers,
          "Publishing with fc=named: the receiver-id of each subscription that is waited for.");

  static final Option<Long> RECEIVER_ID =
      Option.text(
          "receiver-id",
          "auto",
          "a number above 0, or auto",
          text -> text.equals("auto") ? 0L : positive(text),
          "Subscribing: who this is to publishers; auto draws one.");

  static final Option<Long> RATE =
      Option.text(
          "rate",
          "10gbit",
          "a rate such as 800mbit, or unlimited",
          text -> text.equals("unlimited") ? 0L : Units.rateBitsPerSecond(text) / BITS_A_BYTE,
          "Publishing: the most that is sent, repairs and headers included.");

  static final Option<Double> REPAIR_BUDGET =
      Option.share(
          "repair-budget",
          "20%",
          "1%",
          "100%",
          "Publishing: the share of the rate that repairs may take while there is new data to send;"
              + " what that leaves they may have beside.");

  static final Option<Heard> NAK_HEARD =
      Option.choice(
          "nak-heard",
          Heard.PEERS,
          "Who hears a receiver ask for what it missed: peers, by the port after the group's, or"
              + " the source alone. The publisher decides; a subscription with peers listens too.");

  static final Option<Double> EXCLUDE =
      Option.share(
          "exclude",
          "10%",
          "1%",
          "100%",
          "Publishing: a receiver that misses more than this, and four times as much as the others,"
              + " is repaired no more. 100% for never.");

  static final Option<Integer> BACK_OFF =
      Option.integer(
          "back-off",
          4,
          1,
          64,
          "Publishing: the longest that a receiver waits before it asks, in round trips.");

  static final Option<Long> HEARTBEAT =
      Option.duration(
          "heartbeat",
          "5ms",
          "100us",
          "10s",
          "Publishing: after so long without data a heartbeat goes out, thrice, then at doubling"
              + " intervals: by it a lost tail is known.");

  static final Option<Long> START =
      Option.duration(
          "start",
          "250ms",
          "0",
          "60m",
          "Publishing: data starts when round trip and group size are known, after so long at the"
              + " latest. What is offered before is kept.");

  static final Option<Long> PATIENCE =
      Option.duration(
          "patience",
          "1s",
          "1ms",
          "60m",
          "Publishing: how long a receiver that makes no progress is waited for.");

  static final Option<Long> IDLE_TIMEOUT =
      Option.duration(
          "idle-timeout",
          "10s",
          "100ms",
          "60m",
          "Subscribing: a publisher that is silent for so long has ended as TIMED_OUT.");

  static final Option<Join> JOIN =
      Option.choice(
          "join",
          Join.LIVE,
          "Subscribing late: live begins with what is sent from then on, window with what the"
              + " publisher still holds, journal with what it recorded; that goes over into the"
              + " live stream without a gap or a duplicate, and later losses come from the journal"
              + " too.");

  static final Option<JoinPoint> JOIN_FROM =
      Option.text(
          "join-from",
          "beginning",
          "beginning, a position or a time such as 2026-01-31T09:30:00Z",
          McastOptions::joinPoint,
          "Subscribing with join=journal: where to begin.");

  static final Option<Long> CATCH_UP =
      Option.duration(
          "catch-up",
          "10s",
          "10ms",
          "60m",
          "Subscribing with join=journal: a replay that comes no nearer to the live stream for so"
              + " long is given up; the subscription is told the range it lost and goes on live.");

  static final Option<String> RECORD =
      Option.text(
          "record",
          NONE,
          "a directory, or none",
          text -> text,
          "Publishing: keeps a journal of what was sent, and replays it to subscriptions that ask."
              + " One publication a directory.");

  static final Option<Boolean> RECORD_REQUIRED =
      Option.flag(
          "record-required",
          false,
          "Publishing with record: nothing is freed that was not recorded, so that a slow disk"
              + " holds offers up. Else what the disk does not take in time is not recorded, and"
              + " logged.");

  static final Option<Long> REPLAY_RATE =
      Option.text(
          "replay-rate",
          "unlimited",
          "a rate such as 800mbit, or unlimited",
          text -> text.equals("unlimited") ? 0L : Units.rateBitsPerSecond(text) / BITS_A_BYTE,
          "Publishing with record: the most that all late subscriptions together are sent.");

  static final Option<Long> ARBITRATION =
      Option.duration(
          "arbitration",
          "500us",
          "0",
          "1s",
          "Subscribing to two lines: how long a hole on one may wait for the other before it is"
              + " asked for.");

  static final Option<Integer> DATAGRAM =
      Option.integer(
          "mtu",
          DEFAULT_DATAGRAM,
          SHORTEST_DATAGRAM,
          LONGEST_DATAGRAM,
          "Bytes of the longest datagram, without IP and UDP headers.");

  static final Option<IntegrityChoice> INTEGRITY =
      Option.choice(
          "integrity",
          IntegrityChoice.AUTO,
          "Whether each datagram closes with a checksum stronger than UDP's: auto leaves it out on"
              + " the loopback interface only.");

  static final Option<Integer> TIME_TO_LIVE =
      Option.integer("ttl", 1, 0, 255, "Routers that what is sent may cross, and one more.");

  static final Option<Boolean> LOOPBACK =
      Option.flag(
          "loopback", true, "Whether what is sent also reaches subscriptions on this machine.");

  static final Option<Long> SOCKET_BUFFER =
      Option.size(
          "socket-buffer",
          "2MiB",
          "64KiB",
          "1GiB",
          "Bytes asked of the kernel for each socket's send and receive buffer.");

  static final OptionGroup GROUP =
      new OptionGroup(
          "mcast://group:port",
          "Multicast fan-out: whoever publishes sends to the group, whoever subscribes joins it."
              + " Each publication is a session of its own.",
          true,
          List.of(
              Options.STREAM,
              Options.RING,
              Options.UNSENT_LIMIT,
              Options.SESSIONS,
              Options.LINGER,
              Options.CLAIM_TIMEOUT,
              INTERFACE,
              SOURCE,
              LINES,
              FLOW,
              RECEIVERS,
              RECEIVER_ID,
              RATE,
              REPAIR_BUDGET,
              NAK_HEARD,
              EXCLUDE,
              BACK_OFF,
              HEARTBEAT,
              START,
              PATIENCE,
              IDLE_TIMEOUT,
              ARBITRATION,
              JOIN,
              JOIN_FROM,
              CATCH_UP,
              RECORD,
              RECORD_REQUIRED,
              REPLAY_RATE,
              DATAGRAM,
              INTEGRITY,
              TIME_TO_LIVE,
              LOOPBACK,
              SOCKET_BUFFER));

  <T> T value(Option<T> option) {
    return context.value(option, channel);
  }

  boolean peersHear() {
    return value(NAK_HEARD) == Heard.PEERS;
  }

  SourceSettings source(boolean onLoopback) {
    return new SourceSettings()
        .streamId(value(Options.STREAM))
        .datagramLength(value(DATAGRAM))
        .checksum(checksum(onLoopback))
        .rateBytesPerSecond(value(RATE))
        .repairShare(value(REPAIR_BUDGET))
        .backoffFactor(value(BACK_OFF))
        .peersHear(peersHear())
        .heartbeatNs(value(HEARTBEAT))
        .startDelayNs(value(START))
        .flow(value(FLOW))
        .named(value(RECEIVERS))
        .patienceNs(value(PATIENCE))
        .excludedShare(value(EXCLUDE))
        .lingerNs(value(Options.LINGER));
  }

  ReceiverSettings receiver(int lines, boolean onLoopback) {
    return new ReceiverSettings()
        .streamId(value(Options.STREAM))
        .datagramLength(value(DATAGRAM))
        .checksum(checksum(onLoopback))
        .receiverId(value(RECEIVER_ID))
        .joinsWindow(value(JOIN) == Join.WINDOW)
        .lines(lines)
        .arbitrationNs(value(ARBITRATION))
        .largestRing(value(Options.RING).intValue())
        .sourceLimit(value(Options.SESSIONS))
        .idleNs(value(IDLE_TIMEOUT));
  }

  /** The options of a port on a line, but for its local address. */
  DatagramPortOptions port(McastLine line) {
    int bufferBytes = value(SOCKET_BUFFER).intValue();
    return new DatagramPortOptions()
        .localAddress(line.local())
        .multicastInterface(line.interfaceName())
        .multicastTimeToLive(value(TIME_TO_LIVE))
        .multicastLoopback(value(LOOPBACK))
        .receiveBufferBytes(bufferBytes)
        .sendBufferBytes(bufferBytes);
  }

  /** The lines of the channel: one, or two. */
  McastLine[] lines(EndpointAddress group) {
    McastLine first = McastLine.of(channel, group, value(INTERFACE));
    String second = value(LINES);
    if (second.equals(NONE)) {
      return new McastLine[] {first};
    }
    return new McastLine[] {first, McastLine.parse(channel, second, first.interfaceName())};
  }

  /** Whether a journal is kept. */
  boolean isRecorded() {
    return !value(RECORD).equals(NONE);
  }

  /** The only source to join for on a line; empty for any. */
  String source(int line) {
    String text = value(SOURCE);
    if (text.equals(NONE)) {
      return "";
    }
    String[] each = text.split(",", -1);
    return each[Math.min(line, each.length - 1)].strip();
  }

  private boolean checksum(boolean onLoopback) {
    return switch (value(INTEGRITY)) {
      case NONE -> false;
      case CRC32C -> true;
      case AUTO -> !onLoopback;
    };
  }

  private static JoinPoint joinPoint(String text) {
    if (text.equals("beginning")) {
      return JoinPoint.BEGINNING;
    }
    if (text.matches("[0-9]{1,18}")) {
      return JoinPoint.position(Long.parseLong(text));
    }
    try {
      Instant instant = Instant.parse(text);
      long seconds = TimeUnit.SECONDS.toNanos(instant.getEpochSecond());
      return new JoinPoint(JoinPoint.Kind.TIME, seconds + instant.getNano());
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is neither beginning, a position nor a time such as 2026-01-31T09:30:00Z",
          e);
    }
  }

  private static long[] numbers(String text) {
    if (text.equals(NONE)) {
      return new long[0];
    }
    return Arrays.stream(text.split(",", -1)).mapToLong(each -> positive(each.strip())).toArray();
  }

  private static long positive(String text) {
    long number;
    try {
      number = Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is not a whole number", e);
    }
    if (number <= 0) {
      throw new IllegalArgumentException(number + " is not above 0");
    }
    return number;
  }
}
