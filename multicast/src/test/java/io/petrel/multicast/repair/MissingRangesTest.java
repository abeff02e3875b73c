package io.petrel.multicast.repair;

import static io.petrel.multicast.repair.MissingRanges.DEAD;
import static io.petrel.multicast.repair.MissingRanges.HELD;
import static io.petrel.multicast.repair.MissingRanges.WAITING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.transport.time.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class MissingRangesTest {
  private final List<String> filled = new ArrayList<>();
  private final MissingRanges missing =
      new MissingRanges(8, (from, to, missedNs, asked) -> filled.add(from + "-" + to));

  private String ranges() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < missing.count(); i++) {
      text.append(missing.start(i)).append('-').append(missing.end(i));
      text.append("wWHD".charAt(missing.state(i))).append(' ');
    }
    return text.toString().trim();
  }

  private void miss(long from, long to, long deadlineNs) {
    assertTrue(missing.append(from, to, 0, WAITING, deadlineNs));
  }

  @Test
  void tellsOfAllBytesThatComeOnce() {
    miss(0, 100, 10);
    miss(200, 300, 20);
    miss(400, 500, 30);

    missing.fill(40, 60);
    missing.fill(90, 450);

    assertEquals(List.of("40-60", "90-100", "200-300", "400-450"), filled);
    assertEquals("0-40W 60-90W 450-500W", ranges());
    assertEquals(10, missing.earliestNs());
  }

  @Test
  void suppressesOnlyWhatWaitsAndOnlyTheAskedPart() {
    miss(0, 100, 10);
    miss(200, 300, 20);
    missing.asked(1, 50);

    assertTrue(missing.suppress(50, 250, 70, 3));

    assertEquals("0-50W 50-100H 200-300H", ranges());
    assertEquals(70, missing.deadlineNs(1));
    assertEquals(50, missing.deadlineNs(2));
  }

  @Test
  void believesOthersOnlySoManyTimesInVain() {
    miss(0, 100, 10);
    for (int i = 0; i < 3; i++) {
      assertTrue(missing.suppress(0, 100, 70, 3));
      missing.state(0, WAITING, 10);
    }

    assertFalse(missing.suppress(0, 100, 70, 3));
    assertEquals("0-100W", ranges());
  }

  @Test
  void buriesWhatIsGoneAndKeepsWhatIsNot() {
    miss(0, 100, 10);
    miss(200, 300, 20);

    assertTrue(missing.bury(250));
    assertFalse(missing.bury(250));

    assertEquals("0-100D 200-250D 250-300W", ranges());
    assertEquals(20, missing.earliestNs());
    assertTrue(missing.bury(300));
    assertEquals(Deadline.NONE, missing.earliestNs());
    assertEquals(DEAD, missing.state(2));
  }

  @Test
  void knowsTheFirstRecordBehindEachRange() {
    miss(0, 100, 10);
    miss(200, 300, 20);

    missing.recordAt(320, 300);
    assertEquals(320, missing.record(0));
    missing.recordAt(104, 100);
    missing.recordAt(400, 380);

    assertEquals(104, missing.record(0));
    assertEquals(320, missing.record(1));
    missing.fill(240, 260);
    assertEquals(320, missing.record(1), "the cut range still has a record behind it");
    missing.recordAt(256, 240);
    assertEquals(256, missing.record(1));
    assertEquals(320, missing.record(2));
  }

  @Test
  void joinsToTheLastWhenFullIfItTouchesAndElseSaysSo() {
    for (int i = 0; i < 8; i++) {
      miss(i * 10L, i * 10L + 5, 10);
    }

    assertTrue(missing.append(75, 80, 0, WAITING, 10));
    assertFalse(missing.append(90, 95, 0, WAITING, 10));
    assertEquals(8, missing.count());
    assertEquals(80, missing.end(7));
  }

  @Test
  void missesNothingAndMakesNothingUpWhateverComes() {
    SplittableRandom random = new SplittableRandom(7);
    for (int round = 0; round < 300; round++) {
      MissingRanges set = new MissingRanges(64, (from, to, missedNs, asked) -> {});
      TreeSet<Integer> model = new TreeSet<>();
      int high = 0;
      for (int step = 0; step < 40; step++) {
        int from = random.nextInt(high + 1);
        int to = from + 1 + random.nextInt(20);
        switch (random.nextInt(4)) {
          case 0, 1 -> {
            int begin = high + random.nextInt(5);
            high = begin + 1 + random.nextInt(15);
            if (set.append(begin, high, step, WAITING, step)) {
              for (int i = begin; i < high; i++) {
                model.add(i);
              }
            }
          }
          case 2 -> {
            set.fill(from, to);
            model.subSet(from, to).clear();
          }
          default -> set.suppress(from, to, 1_000, 3);
        }
      }
      TreeSet<Integer> seen = new TreeSet<>();
      for (int i = 0; i < set.count(); i++) {
        for (long at = set.start(i); at < set.end(i); at++) {
          assertTrue(seen.add((int) at), "twice");
        }
        assertTrue(set.state(i) == WAITING || set.state(i) == HELD);
      }
      assertEquals(model, seen);
    }
  }

  @Test
  void aFullSetForgetsTheRecordThatComesToLieInItsLastRange() {
    for (int i = 0; i < 8; i++) {
      miss(100L * i, 100L * i + 50, 10);
    }
    missing.recordAt(750, 750);
    assertEquals(750, missing.record(7));

    miss(750, 800, 10);

    assertEquals(800, missing.end(7));
    assertEquals(MissingRanges.UNKNOWN, missing.record(7));
  }
}
