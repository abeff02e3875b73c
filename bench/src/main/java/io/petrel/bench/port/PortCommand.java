package io.petrel.bench.port;

import io.petrel.bench.cli.CommandFailure;
import io.petrel.bench.cli.JsonLine;
import io.petrel.bench.cli.JsonOption;
import io.petrel.transport.datagram.DatagramPort;
import io.petrel.transport.datagram.DatagramPortFactory;
import io.petrel.transport.datagram.DatagramPorts;
import io.petrel.transport.linux.LinuxSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench port}: trains against single datagrams, and the port against bare system calls. */
@Command(
    name = "port",
    hidden = true,
    description = "What a datagram port costs over the system calls below it, on loopback.")
public final class PortCommand implements Runnable {
  private static final int PING_SIZE = 64;
  private static final int WARM_UP_ROUNDS = 2;
  private static final int MAX_TRAIN_BYTES = 65_507;
  private static final int MAX_TRAIN_DATAGRAMS = 64;

  /** The kernel takes socket buffers from it; a page that a virtual machine never used is slow. */
  private static final int TOUCHED_BYTES = 512 << 20;

  @Mixin private JsonOption json = new JsonOption();

  @Option(names = "--rounds", defaultValue = "9", description = "Interleaved rounds of each kind.")
  private int rounds;

  @Option(names = "--size", defaultValue = "1408", description = "Bytes of a datagram, one way.")
  private int size;

  @Option(names = "--round-trips", defaultValue = "100000", description = "Ping-pongs a round.")
  private int roundTrips;

  @Option(names = "--millis", defaultValue = "1000", description = "Time of a one-way round.")
  private long millis;

  @Option(
      names = "--kind",
      defaultValue = DatagramPorts.FASTEST,
      description = "native, nio, or auto for the fastest that runs here.")
  private String kind = DatagramPorts.FASTEST;

  @Option(
      names = "--cores",
      split = ",",
      arity = "1",
      defaultValue = "0,1",
      paramLabel = "CORE",
      description = "The cores of the two threads.")
  private int[] cores = {0, 1};

  private double[] singles = {};
  private double[] trains = {};
  private double[] bare = {};
  private double[] port = {};
  private long allocated;

  /** Made by the command-line parser. */
  public PortCommand() {}

  @Override
  public void run() {
    if (rounds < 1) {
      throw new CommandFailure("--rounds must be at least 1, not " + rounds);
    }
    try (JsonOption.Output output = json.open()) {
      measure(output);
    } catch (IOException e) {
      throw new CommandFailure("cannot open a socket: " + e.getMessage(), e);
    }
  }

  private void measure(JsonOption.Output output) throws IOException {
    singles = new double[rounds];
    trains = new double[rounds];
    bare = new double[rounds];
    port = new double[rounds];
    DatagramPortFactory factory = DatagramPorts.choose(kind);
    DatagramPort[] ports = Ends.ports(factory);
    LinuxSocket[] sockets = Ends.bare();
    Duet duet = new Duet(cores[0], cores[cores.length - 1]);
    PingPong pingPong = new PingPong(duet, PING_SIZE, roundTrips);
    OneWay oneWay = new OneWay(duet, size, millis * 1_000_000);
    output.text().println(touchMemory() + " of memory touched; port kind: " + factory.name());
    for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
      if (round == 0) {
        allocated = 0;
      }
      int slot = Math.max(0, round); // a warm-up's figures are overwritten
      boolean recorded = round >= 0;
      singles[slot] = oneWay(oneWay, ports, 1, recorded, output);
      pingPong.playBare(sockets[0], sockets[1]);
      bare[slot] = roundTrip("bare", pingPong, recorded, output);
      trains[slot] = oneWay(oneWay, ports, trainLength(), recorded, output);
      pingPong.playPorts(ports[0], ports[1]);
      port[slot] = roundTrip("port", pingPong, recorded, output);
    }
    summarize(output);
    for (DatagramPort each : ports) {
      output.text().println(each.localAddress() + ": " + each.statistics());
      each.close();
    }
    for (LinuxSocket socket : sockets) {
      socket.close();
    }
  }

  private int trainLength() {
    return Math.min(MAX_TRAIN_DATAGRAMS, MAX_TRAIN_BYTES / size);
  }

  private static String touchMemory() {
    ByteBuffer touched = ByteBuffer.allocateDirect(TOUCHED_BYTES); // zeroes, and so touches it
    return (touched.capacity() >> 20) + " MiB";
  }

  private double oneWay(
      OneWay oneWay,
      DatagramPort[] ports,
      int datagramsPerCall,
      boolean recorded,
      JsonOption.Output output) {
    oneWay.play(ports[0], ports[1], datagramsPerCall);
    allocated += oneWay.allocatedBytes();
    if (recorded) {
      output.line(
          new JsonLine()
              .put("bench", "port")
              .put("what", datagramsPerCall == 1 ? "datagrams" : "trains")
              .put("size", size)
              .put("bytes_per_s", oneWay.bytesPerSecond(), 0)
              .put("allocated_bytes", oneWay.allocatedBytes()));
    }
    return oneWay.bytesPerSecond();
  }

  private double roundTrip(
      String what, PingPong pingPong, boolean recorded, JsonOption.Output output) {
    allocated += pingPong.allocatedBytes();
    long p50Ns = pingPong.histogram().getValueAtPercentile(50);
    if (recorded) {
      output.line(
          new JsonLine()
              .put("bench", "port")
              .put("what", "rtt-" + what)
              .put("size", PING_SIZE)
              .put("min_ns", pingPong.histogram().getMinValue())
              .put("p50_ns", p50Ns)
              .put("p99_ns", pingPong.histogram().getValueAtPercentile(99))
              .put("allocated_bytes", pingPong.allocatedBytes()));
    }
    return p50Ns;
  }

  private void summarize(JsonOption.Output output) {
    double single = median(singles);
    double train = median(trains);
    double bareNs = median(bare);
    double portNs = median(port);
    output.line(
        new JsonLine()
            .put("bench", "port")
            .put("what", "summary")
            .put("rounds", rounds)
            .put("train_ratio", train / single, 2)
            .put("bare_p50_ns", bareNs, 0)
            .put("port_p50_ns", portNs, 0)
            .put("allocated_bytes", allocated));
    output
        .text()
        .printf(
            "one way, %d B: single %.3f GB/s, trains %.3f GB/s: %.1f times%n",
            size, single / 1e9, train / 1e9, train / single);
    output
        .text()
        .printf(
            "round trip, %d B, p50: bare %.0f ns, port %.0f ns: %+.0f ns, %+.1f %%%n",
            PING_SIZE, bareNs, portNs, portNs - bareNs, 100 * (portNs / bareNs - 1));
    output.text().printf("allocated in the second halves: %d bytes%n", allocated);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
