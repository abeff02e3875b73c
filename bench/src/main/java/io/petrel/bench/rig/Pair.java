package io.petrel.bench.rig;

import io.petrel.bench.cli.CommandFailure;
import io.petrel.bench.peer.Route;
import io.petrel.bench.peer.Setup;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

  /**
   * Where an end runs.
   *
   * @param launcher what its command line begins with; empty for nothing
   * @param core the one it is kept on
   */
  record Place(List<String> launcher, int core) {}

  /** Both ends on this host. */
  Pair(String peer, RunOptions options, int size, boolean bulk, double loss, Path directory) {
    this(
        peer,
        new Setup(
            true,
            freePorts(options.seed() + peer.hashCode()),
            directory.resolve(peer),
            size,
            options.mtu(),
            bulk,
            loss,
            options.seed(),
            Route.LOOPBACK,
            "",
            Setup.DEFAULT_LOSS_THRESHOLD,
            false,
            options.receivers()),
        new Place(List.of(), options.initiatorCore()),
        new Place(List.of(), options.responderCore()),
        60 + options.roundSeconds());
  }

  Pair(
      String peer,
      Setup setup,
      Place initiatorPlace,
      Place responderPlace,
      long roundTimeoutSeconds) {
    this.peer = peer;
    this.roundTimeoutSeconds = roundTimeoutSeconds;
    try {
      Files.createDirectories(setup.directory());
    } catch (IOException e) {
      throw new CommandFailure("cannot make " + setup.directory() + ": " + e.getMessage(), e);
    }
    responder = open(" b", setup.of(false), responderPlace);
    ChildProcess other = null;
    try {
      responder.await("open", OPEN_TIMEOUT_SECONDS);
      other = open(" a", setup.of(true), initiatorPlace);
      settings = other.await("open", OPEN_TIMEOUT_SECONDS);
      other.await("connected", OPEN_TIMEOUT_SECONDS);
      responder.await("connected", OPEN_TIMEOUT_SECONDS);
    } catch (CommandFailure e) {
      responder.close();
      if (other != null) {
        other.close();
      }
      throw e;
    }
    initiator = other;
  }

  private ChildProcess open(String role, Setup setup, Place place) {
    List<String> arguments = new ArrayList<>(List.of(peer, Integer.toString(place.core())));
    arguments.addAll(setup.words());
    return new ChildProcess(peer + role, place.launcher(), arguments);
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

  /**
   * Sends as fast as flow control allows and counts what comes in a stretch of that time, without
   * waiting for what is left on its way: an impaired link may take long for it.
   */
  void beginStretch(long skipNs, long durationNs) {
    responder.say("timed " + next + " " + skipNs + " " + durationNs);
    responder.await("started", OPEN_TIMEOUT_SECONDS);
    initiator.say("send " + next + " " + (skipNs + durationNs));
    initiator.await("started", OPEN_TIMEOUT_SECONDS);
  }

  /** Waits for the end of what {@link #beginStretch} began; the responder's figures. */
  Figures endStretch() {
    return new Figures(responder.await("result", roundTimeoutSeconds));
  }

  /** Ends both at once, whatever they are in the middle of. */
  void abandon() {
    initiator.abandon();
    responder.abandon();
  }

  @Override
  public void close() {
    initiator.close();
    responder.close();
  }
}
