package io.petrel.transport.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RangeSetTest {
  @Test
  void agreesWithABitSetUnderRandomChanges() {
    SplittableRandom random = new SplittableRandom(3);
    RangeSet set = new RangeSet(1_000);
    BitSet model = new BitSet();
    for (int i = 0; i < 20_000; i++) {
      int start = random.nextInt(500);
      int end = start + random.nextInt(30);
      if (random.nextBoolean()) {
        assertTrue(set.add(start, end));
        model.set(start, end);
      } else {
        assertTrue(set.remove(start, end));
        model.clear(start, end);
      }
      assertSame(model, set);
    }
  }

  @Test
  void aFullSetStaysAsItWas() {
    RangeSet set = filled();
    assertFalse(set.add(100, 101));
    assertFalse(set.remove(3, 4), "a split needs a place");
    assertEquals("[0-8][10-18][20-28][30-38]", text(set));
    assertTrue(set.add(8, 10), "joining needs none");
    assertEquals("[0-18][20-28][30-38]", text(set));
  }

  @Test
  void aFullSetTakesARangeByClosingTheNearerGap() {
    RangeSet set = filled();
    set.addMerging(40, 41);
    assertEquals("[0-8][10-18][20-28][30-41]", text(set));
  }

  @Test
  void findsWhereARangeEndsAndTheNextBegins() {
    RangeSet set = filled();
    assertEquals(18, set.endOfRangeAt(10));
    assertEquals(18, set.endOfRangeAt(17));
    assertEquals(18, set.endOfRangeAt(18));
    assertEquals(20, set.nextStartAfter(10));
    assertEquals(Long.MAX_VALUE, set.nextStartAfter(30));
    assertTrue(set.contains(11, 18));
    assertFalse(set.contains(11, 19));
  }

  private static RangeSet filled() {
    RangeSet set = new RangeSet(4);
    for (int i = 0; i < 4; i++) {
      assertTrue(set.add(i * 10L, i * 10L + 8));
    }
    return set;
  }

  private static void assertSame(BitSet model, RangeSet set) {
    BitSet bits = new BitSet();
    long last = -1;
    for (int i = 0; i < set.count(); i++) {
      assertTrue(set.start(i) > last, "ranges touch or are out of order");
      last = set.end(i);
      bits.set((int) set.start(i), (int) set.end(i));
    }
    assertEquals(model, bits);
  }

  private static String text(RangeSet set) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < set.count(); i++) {
      text.append('[').append(set.start(i)).append('-').append(set.end(i)).append(']');
    }
    return text.toString();
  }
}
