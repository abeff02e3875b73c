package io.petrel.bench.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.petrel.bench.peer.Peers;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The protocols of others that the rigs compare with: every message comes, once and in order. */
class OtherProtocolsTest {
  private static final int OTHER_CORE = Runtime.getRuntime().availableProcessors() > 1 ? 1 : 0;
  private static final int ROUND_TRIPS = 2_000;

  /** Longer than a datagram, so that both must cut it up. */
  private static final int SIZE = 3_000;

  @TempDir private Path directory;

  private Pair pair(String peer, boolean bulk) {
    String reason = Peers.named(peer).unavailable(bulk, 0);
    assumeTrue(reason == null, () -> peer + ": " + reason);
    return new Pair(
        peer, RigOptions.of(List.of(peer), 1408, 7, 0, OTHER_CORE), SIZE, bulk, 0, directory);
  }

  @ParameterizedTest
  @ValueSource(strings = {"kcp", "quic"})
  void everyRoundTripComesBackWhole(String peer) {
    try (Pair pair = pair(peer, false)) {
      for (Figures end : pair.round("rtt", "echo", ROUND_TRIPS, 4)) {
        assertEquals(ROUND_TRIPS, end.value("delivered"));
        assertEquals(0, end.value("lost") + end.value("misordered") + end.value("damaged"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"kcp", "quic"})
  void everyMessageOfABusyStreamArrives(String peer) {
    try (Pair pair = pair(peer, true)) {
      List<Figures> figures = pair.round("send", "receive", TimeUnit.MILLISECONDS.toNanos(200));
      Figures receiver = figures.getLast();
      long sent = figures.getFirst().value("sent");
      assertTrue(sent > 10, sent + " sent");
      assertEquals(sent, receiver.value("delivered"));
      assertEquals(0, receiver.value("misordered") + receiver.value("damaged"));
    }
  }
}
