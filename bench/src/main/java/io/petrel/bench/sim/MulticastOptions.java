package io.petrel.bench.sim;

import io.petrel.bench.cli.LinkQuantities;
import io.petrel.bench.cli.Quantities;
import io.petrel.multicast.flow.FlowMode;
import io.petrel.multicast.repair.BackOffLaw;
import io.petrel.multicast.repair.TruncatedExponential;
import java.util.function.Supplier;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What is sent to a group in a simulation, to whom, and what befalls it on the way. */
final class MulticastOptions {
  @Option(names = "--receivers", defaultValue = "100", description = "Receivers, 1 to 1000.")
  int receivers = 100;

  @Option(names = "--messages", defaultValue = "200000", description = "How many are sent.")
  long messages = 200_000;

  @Option(
      names = "--size",
      defaultValue = "100",
      converter = Quantities.Bytes.class,
      paramLabel = "SIZE",
      description = "Size of a message, 8 or more.")
  long messageBytes = 100;

  @Option(
      names = "--message-rate",
      defaultValue = "100000",
      paramLabel = "N",
      description = "Messages a second.")
  long messageRate = 100_000;

  @Option(
      names = "--rtt",
      defaultValue = "100us",
      converter = Quantities.Nanoseconds.class,
      paramLabel = "TIME",
      description = "From the source to a receiver and back; from one receiver to another, half.")
  long roundTripNs = 100_000;

  @Option(
      names = "--rate",
      defaultValue = "1gbit",
      converter = Quantities.BitsPerSecond.class,
      paramLabel = "RATE",
      description = "The source's rate limit, headers included, and what its link carries.")
  long rateBitsPerSecond = 1_000_000_000L;

  @Option(
      names = "--mtu",
      defaultValue = "1408",
      paramLabel = "BYTES",
      description = "Largest datagram, without UDP and IP headers.")
  int datagramBytes = 1_408;

  @Option(
      names = "--loss",
      defaultValue = "0%",
      converter = Quantities.Fraction.class,
      paramLabel = "SHARE",
      description = "Lost at each receiver, of all that comes to it.")
  double loss;

  @Option(
      names = "--shared-loss",
      defaultValue = "0%",
      converter = Quantities.Fraction.class,
      paramLabel = "SHARE",
      description = "Lost at the source, for all receivers.")
  double sharedLoss;

  @Option(
      names = "--nak-loss",
      defaultValue = "0%",
      converter = Quantities.Fraction.class,
      paramLabel = "SHARE",
      description = "NAKs lost at the receiver that sends them.")
  double nakLoss;

  @Option(
      names = "--repair-loss",
      defaultValue = "0%",
      converter = Quantities.Fraction.class,
      paramLabel = "SHARE",
      description = "Repairs lost at the source, for all receivers.")
  double repairLoss;

  @Option(
      names = "--crybaby",
      defaultValue = "0:0%",
      converter = CrybabyConverter.class,
      paramLabel = "N:SHARE",
      description = "So many receivers lose this share of all that comes to them: 1:30%%.")
  Crybaby crybaby = new Crybaby(0, 0);

  @Option(
      names = "--reorder",
      defaultValue = "0",
      converter = LinkQuantities.ReorderingConverter.class,
      paramLabel = "SHARE:TIME",
      description = "Held back for so long before a receiver: 1%%:50us.")
  LinkQuantities.Reordering reordering = LinkQuantities.Reordering.NONE;

  @Option(
      names = "--duplicate",
      defaultValue = "0",
      converter = Quantities.Fraction.class,
      paramLabel = "SHARE",
      description = "Delivered twice to a receiver.")
  double duplicate;

  @Option(
      names = "--corrupt",
      defaultValue = "0",
      converter = Quantities.Fraction.class,
      paramLabel = "SHARE",
      description = "Of which one byte is changed before a receiver.")
  double corrupt;

  @Option(
      names = "--group-size-estimate",
      defaultValue = "auto",
      converter = AutoConverter.class,
      paramLabel = "auto|N",
      description = "What the source takes the group's size for; auto: as receivers report.")
  int groupSizeEstimate;

  @Option(
      names = "--nak-heard",
      defaultValue = "peers",
      converter = HeardConverter.class,
      paramLabel = "peers|source",
      description = "Who hears NAKs: all receivers, or the source alone.")
  Heard nakHeard = Heard.PEERS;

  @Option(
      names = "--fc",
      defaultValue = "fastest",
      converter = FlowConverter.class,
      paramLabel = "fastest|slowest",
      description = "Flow control: whom the source waits for.")
  FlowMode flow = FlowMode.FASTEST;

  @Option(names = "--lines", defaultValue = "1", description = "Lines that carry the same: 1 or 2.")
  int lines = 1;

  @Option(
      names = "--line-loss",
      defaultValue = "0%",
      converter = Quantities.Fraction.class,
      paramLabel = "SHARE",
      description = "Lost on each line, for all receivers.")
  double lineLoss;

  @Option(
      names = "--joiners",
      defaultValue = "0",
      description = "Receivers that come late and want all: from the journal, then live.")
  int joiners;

  @Option(
      names = "--journal",
      description = "Who is put out of the repair is served from a journal; so with --joiners.")
  boolean withJournal;

  @Option(
      names = "--replay-rate",
      defaultValue = "1gbit",
      converter = Quantities.BitsPerSecond.class,
      paramLabel = "RATE",
      description = "The most that all who are served from the journal are sent together.")
  long replayBitsPerSecond = 1_000_000_000L;

  @Option(
      names = "--ring",
      defaultValue = "auto",
      converter = RudpOptions.RingConverter.class,
      paramLabel = "auto|SIZE",
      description = "Ring on each side; auto: what the repairs and the flow control need.")
  long ringBytes;

  @Option(
      names = "--repair-budget",
      defaultValue = "20%",
      converter = Quantities.Fraction.class,
      paramLabel = "SHARE",
      description = "Share of the rate for repairs; what new data leaves they may have beside.")
  double repairBudget = 0.2;

  @Option(
      names = "--limit",
      defaultValue = "60s",
      converter = Quantities.Nanoseconds.class,
      paramLabel = "TIME",
      description = "Gives up after so much virtual time.")
  long limitNs = 60_000_000_000L;

  @Option(names = "--seed", defaultValue = "1", description = "Decides everything random.")
  long seed = 1;

  /** By which receivers back off; a test shows what another would do. */
  Supplier<BackOffLaw> law = TruncatedExponential::new;

  /** Messages are sent in bursts of so many, the rate as given. */
  int burst = 1;

  /** Who hears NAKs. */
  enum Heard {
    PEERS,
    SOURCE
  }

  /** Whether receivers hear each other ask. */
  boolean peersHear() {
    return nakHeard == Heard.PEERS;
  }

  /** Whether the source keeps a journal. */
  boolean hasJournal() {
    return withJournal || joiners > 0;
  }

  /** Receivers that lose much. */
  record Crybaby(int receivers, double loss) {}

  /** Made by the command-line parser, or in code for a perfect network. */
  MulticastOptions() {}

  /** From one message to the next. */
  double intervalNs() {
    return 1e9 / messageRate;
  }

  static final class CrybabyConverter implements ITypeConverter<Crybaby> {
    @Override
    public Crybaby convert(String value) {
      int colon = value.indexOf(':');
      if (colon < 1) {
        throw new TypeConversionException(
            "'" + value + "' is not a number of receivers and their loss such as 1:30%");
      }
      try {
        return new Crybaby(
            Integer.parseInt(value.substring(0, colon).strip()),
            new Quantities.Fraction().convert(value.substring(colon + 1)));
      } catch (NumberFormatException e) {
        throw new TypeConversionException("'" + value + "' does not begin with a whole number");
      }
    }
  }

  static final class AutoConverter implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String value) {
      return value.strip().equals("auto") ? 0 : Integer.parseInt(value.strip());
    }
  }

  static final class HeardConverter implements ITypeConverter<Heard> {
    @Override
    public Heard convert(String value) {
      return switch (value.strip()) {
        case "peers" -> Heard.PEERS;
        case "source" -> Heard.SOURCE;
        default -> throw new TypeConversionException("'" + value + "' is neither peers nor source");
      };
    }
  }

  static final class FlowConverter implements ITypeConverter<FlowMode> {
    @Override
    public FlowMode convert(String value) {
      return switch (value.strip()) {
        case "fastest" -> FlowMode.FASTEST;
        case "slowest" -> FlowMode.SLOWEST;
        default ->
            throw new TypeConversionException("'" + value + "' is neither fastest nor slowest");
      };
    }
  }
}
