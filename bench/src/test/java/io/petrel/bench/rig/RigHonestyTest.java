package io.petrel.bench.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a rig would report of a peer that is worse than it says. */
class RigHonestyTest {
  private static final int SIZE = 288;
  private static final long COUNT = 20_000;

  /** Two ends that spin on one core would measure the scheduler. */
  private static final int OTHER_CORE = Runtime.getRuntime().availableProcessors() > 1 ? 1 : 0;

  @TempDir private Path directory;

  private Pair pair(String peer, boolean bulk) {
    return pair(peer, bulk, 0);
  }

  private Pair pair(String peer, boolean bulk, double loss) {
    return new Pair(
        peer, RigOptions.of(List.of(peer), 1408, 7, 0, OTHER_CORE), SIZE, bulk, loss, directory);
  }

  @Test
  void countsEveryMessageThatAPeerLoses() {
    try (Pair pair = pair("losing", true)) {
      List<Figures> figures = pair.round("send", "receive", TimeUnit.MILLISECONDS.toNanos(200));
      long sent = figures.getFirst().value("sent");
      long losses = sent / FaultyPeer.EVERY;
      assertTrue(losses > 0, "sent " + sent);
      assertEquals(sent - losses, figures.getLast().value("delivered"));
      // A loss is seen by the message after it; the very last one has none.
      long seen = figures.getLast().value("lost");
      assertTrue(seen == losses || seen == losses - 1, seen + " of " + losses);
    }
  }

  @Test
  void countsEveryMessageThatAPeerRepeats() {
    try (Pair pair = pair("repeating", true)) {
      List<Figures> figures = pair.round("send", "receive", TimeUnit.MILLISECONDS.toNanos(200));
      long sent = figures.getFirst().value("sent");
      assertTrue(sent > FaultyPeer.EVERY, "sent " + sent);
      assertEquals(sent / FaultyPeer.EVERY, figures.getLast().value("misordered"));
      assertEquals(0, figures.getLast().value("lost"));
    }
  }

  @Test
  void countsEveryMessageThatAPeerDamages() {
    try (Pair pair = pair("damaging", true)) {
      List<Figures> figures = pair.round("send", "receive", TimeUnit.MILLISECONDS.toNanos(200));
      long sent = figures.getFirst().value("sent");
      assertTrue(sent > FaultyPeer.EVERY, "sent " + sent);
      assertEquals(sent / FaultyPeer.EVERY, figures.getLast().value("damaged"));
    }
  }

  @Test
  void showsTheDelayThatAPeerAdds() {
    try (Pair pair = pair("delaying", false)) {
      List<Figures> figures = pair.round("rtt", "echo", COUNT / 10, 1);
      long minimum = figures.getFirst().histogram().getMinValue();
      // Held back by a known time once a round trip; what the machine adds only makes it more.
      assertTrue(minimum >= FaultyPeer.DELAY_NS - 1_000, "minimum " + minimum + " ns");
      assertTrue(minimum < FaultyPeer.DELAY_NS * 3 / 2, "minimum " + minimum + " ns");
    }
  }

  @Test
  void countsTheDatagramsThatBothEndsWereToldToLose() {
    try (Pair pair = pair("rudp", false, 0.05)) {
      List<Figures> figures = pair.round("rtt", "echo", COUNT / 10, 1, Long.MAX_VALUE);
      for (Figures end : figures) {
        assertEquals(COUNT / 10, end.value("delivered"));
        assertEquals(0, end.value("lost") + end.value("misordered") + end.value("damaged"));
        // One datagram a message at the least: 100 expected, and its deviation is 10.
        assertTrue(end.value("injected") > 50, "drops " + end.value("injected"));
      }
    }
  }

  @Test
  void sendsNoMoreOnceALimitHasPassed() {
    try (Pair pair = pair("tcp-raw", false)) {
      List<Figures> figures = pair.round("rtt", "echo", COUNT, 1, 0);
      assertEquals(0, figures.getFirst().value("sent"));
      assertEquals(0, figures.getLast().value("delivered"));
    }
  }

  @Test
  void findsNothingWrongWithAPeerThatIsSound() {
    try (Pair pair = pair("tcp-raw", false)) {
      List<Figures> figures = pair.round("rtt", "echo", COUNT, 4);
      for (Figures end : figures) {
        assertEquals(COUNT, end.value("delivered"));
        assertEquals(0, end.value("lost") + end.value("misordered") + end.value("damaged"));
      }
    }
  }
}
