package io.petrel.rudp.acknowledgement;

import static io.petrel.rudp.acknowledgement.ReceivedPackets.DUPLICATE;
import static io.petrel.rudp.acknowledgement.ReceivedPackets.IN_ORDER;
import static io.petrel.rudp.acknowledgement.ReceivedPackets.OUT_OF_ORDER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ReceivedPacketsTest {
  private final ReceivedPackets received = new ReceivedPackets();

  @Test
  void tellsOrderGapsAndDuplicatesApart() {
    assertEquals(IN_ORDER, received.add(0));
    assertEquals(IN_ORDER, received.add(1));
    assertEquals(OUT_OF_ORDER, received.add(4));
    assertEquals(DUPLICATE, received.add(4));
    assertEquals(DUPLICATE, received.add(0));
    assertEquals(OUT_OF_ORDER, received.add(3));
    assertEquals(OUT_OF_ORDER, received.add(2));
    assertEquals(IN_ORDER, received.add(5));
    assertEquals("[0-5]", ranges());
  }

  @Test
  void forgetsWhatTheSenderNoLongerAwaits() {
    received.add(0);
    received.add(2);
    received.add(3);
    received.add(6);
    received.forgetBelow(3);
    assertEquals("[6-6][3-3]", ranges());
    assertEquals(DUPLICATE, received.add(1));
    received.forgetBelow(10);
    assertEquals(0, received.count());
    assertEquals(DUPLICATE, received.add(9));
    assertEquals(IN_ORDER, received.add(10));
  }

  @Test
  void givesUpTheOldestRangesWhenThereAreTooMany() {
    for (int i = 0; i < 1_000; i++) {
      received.add(i * 2L);
    }
    assertEquals(ReceivedPackets.LIMIT, received.count());
    assertEquals(1_998, received.largest());
    assertEquals(1_000 - ReceivedPackets.LIMIT, received.forgotten());
    assertEquals(DUPLICATE, received.add(1), "below what is remembered nothing is new");
  }

  @Test
  void agreesWithASetUnderRandomOrder() {
    SplittableRandom random = new SplittableRandom(5);
    TreeSet<Long> model = new TreeSet<>();
    for (int i = 0; i < 20_000; i++) {
      long number = Math.max(0, i / 2 + random.nextInt(40) - 20);
      boolean isNew = received.add(number) != DUPLICATE;
      assertEquals(model.add(number), isNew, "packet " + number);
    }
    for (int i = 0; i < received.count(); i++) {
      for (long number = received.first(i); number <= received.last(i); number++) {
        assertTrue(model.contains(number));
      }
    }
  }

  private String ranges() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < received.count(); i++) {
      text.append('[').append(received.first(i)).append('-').append(received.last(i)).append(']');
    }
    return text.toString();
  }
}
