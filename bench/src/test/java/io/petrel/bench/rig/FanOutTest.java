package io.petrel.bench.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.bench.fanout.FanOutPeers;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One sender, several receivers: all get everything, whoever carries it. */
class FanOutTest {
  private static final int SIZE = 288;
  private static final int RECEIVERS = 3;
  private static final int OTHER_CORE = Runtime.getRuntime().availableProcessors() > 1 ? 1 : 0;

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"udp-mcast", "tcp", FanOutPeers.AERON})
  void everyReceiverGetsEveryMessage(String peer) {
    assertNull(FanOutPeers.named(peer).unavailable(true, 0));
    FanOutOptions options = FanOutOptions.of(peer, RECEIVERS, 1408, 7, 0, OTHER_CORE);
    try (Pair pair = new Pair(peer, options, SIZE, true, 0, directory)) {
      for (int round = 0; round < 2; round++) {
        List<Figures> figures = pair.round("send", "fanout", TimeUnit.MILLISECONDS.toNanos(100));
        long sent = figures.getFirst().value("sent");
        Figures receivers = figures.getLast();
        assertTrue(sent > 100, "sent " + sent);
        assertEquals(sent * RECEIVERS, receivers.value("delivered"));
        assertEquals(RECEIVERS, receivers.value("complete"));
        assertEquals(0, receivers.value("lost") + receivers.value("damaged"));
        long timed = receivers.histogram().getTotalCount();
        // Every sixteenth, wherever the count began.
        assertTrue(
            Math.abs(timed - sent * RECEIVERS / 16) <= RECEIVERS, timed + " timed of " + sent);
      }
    }
  }
}
