package io.petrel.bench.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.bench.cli.CommandFailure;
import io.petrel.bench.demo.DemoResult.Repair;
import io.petrel.bench.demo.DemoResult.Track;
import io.petrel.bench.demo.Timeline.Phase;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class DemoTest {
  private static final LocalDateTime WHEN = LocalDateTime.of(2026, 1, 2, 3, 4, 5);
  private static final long PHASE_NS = TimeUnit.MILLISECONDS.toNanos(800);

  private static DemoPlan plan(String networkInterface, double loss) {
    return new DemoPlan(networkInterface, 2, 4_000, 500, loss, PHASE_NS / 4, PHASE_NS);
  }

  /**
   * What is dropped is repaired, so that each message comes once and in order, wherever it goes.
   */
  @Test
  void everyMessageArrivesAlthoughEveryFifthDatagramIsDropped() {
    List<String> story = new ArrayList<>();
    DemoResult result = new Demo(plan("lo", 0.2), story::add).run();

    long changes = 4_000 * (PHASE_NS / 4 + 2 * PHASE_NS) / TimeUnit.SECONDS.toNanos(1);
    for (Track track : result.tracks()) {
      boolean market = track.what().equals(DemoResult.MARKET_DATA);
      assertEquals(market ? changes : changes / 8, track.messages(), track.name());
      long measured = track.latencies().of(Phase.CLEAN).getTotalCount();
      assertEquals(measured, track.latencies().of(Phase.LOSSY).getTotalCount(), track.name());
      assertEquals(market ? 3_200 : 400, measured, track.name());
    }
    assertEquals(4, result.tracks().size());
    assertEquals(0, result.lost());
    Repair repair = result.repair();
    assertTrue(repair.marketDrops() > 0, repair.toString());
    assertTrue(repair.orderDrops() > 0, repair.toString());
    assertTrue(repair.missedBytes() > 0, repair.toString());
    assertTrue(repair.repairedBytes() > 0, repair.toString());
    assertTrue(repair.sentAgain() > 0, repair.toString());
    assertEquals(5, story.size(), story.toString());
    assertEquals(changes, result.late().messages(), "from the first on, although it came late");
    assertEquals(changes, result.late().due());

    String page = DemoReport.of(result, WHEN);
    assertTrue(page.contains("2026-01-02T03:04:05"), page);
    assertTrue(page.contains(">3,200<"), page);
    assertEquals(8, DemoReport.table(result).text().lines().count() - 1);
  }

  @Test
  void anInterfaceThatIsNotThereIsNamedWithThoseThatAre() {
    Demo demo = new Demo(plan("none0", 0), line -> {});
    String why = String.valueOf(assertThrows(CommandFailure.class, demo::run).getMessage());
    assertTrue(why.contains("there is no interface 'none0', but ["), why);
    assertTrue(why.contains("lo"), why);
    assertTrue(why.contains("--interface"), why);
  }
}
