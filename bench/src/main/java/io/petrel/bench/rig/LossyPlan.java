package io.petrel.bench.rig;

import io.petrel.bench.peer.Route;
import io.petrel.bench.peer.Setup;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What every cell of a lossy run does alike.
 *
 * @param size of the messages
 * @param mtu the datagram size
 * @param bulk as fast as flow control allows instead of on a schedule
 * @param sendRate messages a second on that schedule
 * @param durationNs of a round
 * @param seed of all that is random
 * @param lossThreshold what controllers that ask take for the network's nature
 * @param initiatorCore where the sending end is kept
 * @param responderCore where the receiving end is kept
 * @param beside runs at the same time as each cell; null for none
 */
record LossyPlan(
    int size,
    int mtu,
    boolean bulk,
    long sendRate,
    long durationNs,
    long seed,
    double lossThreshold,
    int initiatorCore,
    int responderCore,
    @Nullable LossyCell beside) {
  private static final long TIMEOUT_SECONDS = 90;

  /** Namespaces have all ports to themselves. */
  private static final int PORT = 21_000;

  private static final int PORTS_BETWEEN = 10;
  private static final int MOST_PAIRS = 1_000;

  /** Compiles both ends' loops and lets a congestion control find its level. */
  private static final long WARM_UP_NS = TimeUnit.SECONDS.toNanos(3);

  long warmUpNs() {
    return WARM_UP_NS;
  }

  long intervalNs() {
    return TimeUnit.SECONDS.toNanos(1) / sendRate;
  }

  long messagesIn(long ns) {
    return Math.max(1, ns / intervalNs());
  }

  long timeoutSeconds() {
    return TIMEOUT_SECONDS + TimeUnit.NANOSECONDS.toSeconds(durationNs);
  }

  /** The setup of one end's pair, with ports of its own for each of a run's pairs. */
  Setup setup(Path directory, Route route, String controller, int pairNumber) {
    return new Setup(
        true,
        PORT + PORTS_BETWEEN * (pairNumber % MOST_PAIRS),
        directory,
        size,
        mtu,
        bulk,
        0,
        seed,
        route,
        controller,
        lossThreshold,
        beside != null);
  }
}
