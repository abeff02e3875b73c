package io.petrel.bench.rig;

import io.petrel.bench.cli.CommandFailure;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/** Both ends of one peer, alive for the whole run, asleep while others have their round. */
final class Pair implements AutoCloseable {
  private static final int FIRST_PORT = 21_000;
  private static final int PORTS = 10_000;
  private static final long OPEN_TIMEOUT_SECONDS = 30;

  private final String peer;
  private final ChildProcess initiator;
  private final ChildProcess responder;
  private final String settings;
  private final long roundTimeoutSeconds;
  private long next;

  Pair(String peer, RigOptions options, int size, boolean bulk, double loss, Path directory) {
    this.peer = peer;
    this.roundTimeoutSeconds = 60 + options.roundSeconds();
    int port = freePorts(options.seed() + peer.hashCode());
    Path own = directory.resolve(peer);
    try {
      Files.createDirectories(own);
    } catch (IOException e) {
      throw new CommandFailure("cannot make " + own + ": " + e.getMessage(), e);
    }
    responder = open("b", options.responderCore(), port, own, size, options, bulk, loss);
    settings = responder.await("open", OPEN_TIMEOUT_SECONDS);
    initiator = open("a", options.initiatorCore(), port, own, size, options, bulk, loss);
    initiator.await("open", OPEN_TIMEOUT_SECONDS);
    initiator.await("connected", OPEN_TIMEOUT_SECONDS);
    responder.await("connected", OPEN_TIMEOUT_SECONDS);
  }

  private ChildProcess open(
      String role,
      int core,
      int port,
      Path directory,
      int size,
      RigOptions options,
      boolean bulk,
      double loss) {
    return new ChildProcess(
        peer + " " + role,
        List.of(
            peer,
            role,
            Integer.toString(core),
            Integer.toString(port),
            directory.toString(),
            Integer.toString(size),
            Integer.toString(options.mtu()),
            Boolean.toString(bulk),
            Double.toString(loss),
            Long.toString(options.seed())));
  }

  /** Two neighbouring ports that nobody has, neither for UDP nor for TCP. */
  private static int freePorts(long seed) {
    SplittableRandom random = new SplittableRandom(seed ^ ProcessHandle.current().pid());
    for (int attempt = 0; attempt < 100; attempt++) {
      int port = FIRST_PORT + random.nextInt(PORTS / 2) * 2;
      if (free(port) && free(port + 1)) {
        return port;
      }
    }
    throw new CommandFailure("no two free ports from " + FIRST_PORT + " on");
  }

  private static boolean free(int port) {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    try (DatagramSocket udp = new DatagramSocket(address);
        ServerSocket tcp = new ServerSocket()) {
      tcp.bind(address);
      return udp.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  String peer() {
    return peer;
  }

  String settings() {
    return settings;
  }

  /**
   * One round: the initiator runs a command of the given name, the responder another until the
   * initiator is done.
   *
   * @return the initiator's figures, then the responder's
   */
  List<Figures> round(String initiatorCommand, String responderCommand, long... details) {
    StringBuilder line = new StringBuilder(initiatorCommand + " " + next);
    for (long detail : details) {
      line.append(' ').append(detail);
    }
    responder.say(responderCommand + " " + next);
    responder.await("started", OPEN_TIMEOUT_SECONDS);
    initiator.say(line.toString());
    initiator.await("started", OPEN_TIMEOUT_SECONDS);
    Figures first = new Figures(initiator.await("result", roundTimeoutSeconds));
    long total = first.value("sent");
    // What is still on its way needs both ends at work.
    initiator.say("drain " + next);
    initiator.await("started", OPEN_TIMEOUT_SECONDS);
    responder.say("stop " + total);
    Figures second = new Figures(responder.await("result", roundTimeoutSeconds));
    initiator.say("stop 0");
    initiator.await("result", roundTimeoutSeconds);
    next += total;
    return List.of(first, second);
  }

  @Override
  public void close() {
    initiator.close();
    responder.close();
  }
}
