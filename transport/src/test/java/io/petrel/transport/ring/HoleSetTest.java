package io.petrel.transport.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HoleSetTest {
  private static String text(final HoleSet holes) {
    final StringBuilder text = new StringBuilder();
    for (int i = 0; i < holes.count(); i++) {
      text.append(holes.start(i)).append('-').append(holes.end(i)).append(' ');
    }
    return text.append('^').append(holes.highest()).toString();
  }

  @Test
  void isContiguousWithoutAHole() {
    final HoleSet holes = new HoleSet(4, 100);

    assertTrue(holes.fill(100, 150));

    assertEquals("^150", text(holes));
    assertEquals(150, holes.contiguous());
  }

  @Test
  void makesCutsSplitsAndFillsHoles() {
    final HoleSet holes = new HoleSet(4, 0);

    assertTrue(holes.fill(100, 150));
    assertEquals("0-100 ^150", text(holes));
    assertTrue(holes.fill(0, 10), "cuts the front");
    assertEquals("10-100 ^150", text(holes));
    assertTrue(holes.fill(90, 120), "cuts the back");
    assertEquals("10-90 ^150", text(holes));
    assertTrue(holes.fill(40, 50), "splits");
    assertEquals("10-40 50-90 ^150", text(holes));
    assertTrue(holes.fill(200, 201), "leaves one more");
    assertEquals("10-40 50-90 150-200 ^201", text(holes));
    assertTrue(holes.fill(30, 160), "over several");
    assertEquals("10-30 160-200 ^201", text(holes));
    assertTrue(holes.fill(0, 300), "over all and beyond");
    assertEquals("^300", text(holes));
  }

  @Test
  void refusesOneHoleTooManyAndChangesNothing() {
    final HoleSet holes = new HoleSet(2, 0);
    assertTrue(holes.fill(10, 20));
    assertTrue(holes.fill(30, 40));

    assertFalse(holes.admits(50, 60));
    assertFalse(holes.fill(50, 60));
    assertFalse(holes.admits(22, 24));
    assertFalse(holes.fill(22, 24));
    assertEquals("0-10 20-30 ^40", text(holes));

    assertTrue(holes.admits(20, 24));
    assertTrue(holes.fill(20, 24));
    assertTrue(holes.fill(40, 60));
    assertTrue(holes.admits(5, 25));
    assertTrue(holes.fill(5, 25));
    assertEquals("0-5 25-30 ^60", text(holes));
  }

  @Test
  void givesUpWhatIsBelow() {
    final HoleSet holes = new HoleSet(4, 0);
    holes.fill(10, 20);
    holes.fill(30, 40);
    holes.fill(50, 60);

    holes.giveUpBelow(25);
    assertEquals("25-30 40-50 ^60", text(holes));
    holes.giveUpBelow(30);
    assertEquals("40-50 ^60", text(holes));
    holes.giveUpBelow(80);
    assertEquals("^80", text(holes));
  }

  @Test
  void namesALimitThatHoldsNothing() {
    final IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> new HoleSet(0, 0));
    assertEquals("limit of holes 0 is below 1", error.getMessage());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void agreesWithASetOfBits(final long seed) {
    final Random random = new Random(seed);
    final int span = 300;
    final HoleSet holes = new HoleSet(1 + random.nextInt(8), 0);
    final BitSet received = new BitSet();
    int refused = 0;
    for (int step = 0; step < 3000; step++) {
      final String what = "seed " + seed + " step " + step;
      if (random.nextInt(200) == 0) {
        final int position = received.nextClearBit(0) + random.nextInt(span);
        received.set(0, position);
        holes.giveUpBelow(position);
      } else if (random.nextInt(300) == 0) {
        received.set(0, received.length());
        holes.fill(0, Math.max(1, received.length()));
        received.set(0);
      } else {
        final int from = Math.max(0, received.nextClearBit(0) + random.nextInt(span) - 20);
        final int to = from + 1 + random.nextInt(random.nextBoolean() ? 4 : 60);
        final BitSet after = (BitSet) received.clone();
        after.set(from, to);
        final boolean fits = count(after) <= holes.limit();
        assertEquals(fits, holes.admits(from, to), what);
        assertEquals(fits, holes.fill(from, to), what);
        if (fits) {
          received.set(from, to);
        } else {
          refused++;
        }
      }
      assertEquals(text(received), text(holes), what);
      assertEquals(received.nextClearBit(0), holes.contiguous(), what);
    }
    assertTrue(refused > 0, "the limit was never met");
  }

  private static int count(final BitSet received) {
    int count = 0;
    int position = received.nextClearBit(0);
    while (position < received.length()) {
      count++;
      position = received.nextClearBit(received.nextSetBit(position));
    }
    return count;
  }

  private static String text(final BitSet received) {
    final StringBuilder text = new StringBuilder();
    int position = received.nextClearBit(0);
    while (position < received.length()) {
      final int end = received.nextSetBit(position);
      text.append(position).append('-').append(end).append(' ');
      position = received.nextClearBit(end);
    }
    return text.append('^').append(received.length()).toString();
  }
}
