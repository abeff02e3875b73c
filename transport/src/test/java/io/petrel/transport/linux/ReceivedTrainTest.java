package io.petrel.transport.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.codecs.DatagramHeader;
import io.petrel.transport.datagram.DatagramStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

final class ReceivedTrainTest {
  private final DatagramStatistics statistics = new DatagramStatistics();
  private final ReceivedTrain train = new ReceivedTrain(statistics);

  @Test
  void findsEqualDatagramsAndAShorterLast() {
    assertEquals(List.of(100, 100, 100, 40), walk(340, 100, 100, 100, 40));
    assertEquals(1, statistics.trainsReceived);
    assertEquals(0, statistics.malformedReceived);
  }

  @Test
  void dropsTheRestFromTheFirstLengthThatDiffers() {
    assertEquals(List.of(100), walk(400, 100, 99, 100, 100));
    assertEquals(1, statistics.malformedReceived);
    assertEquals(300, statistics.malformedBytes);
  }

  @Test
  void dropsARestTooShortForAHeader() {
    assertEquals(List.of(100, 100), walk(210, 100, 100));
    assertEquals(10, statistics.malformedBytes);
  }

  @Test
  void dropsEverythingWhenTheFirstLengthIsMoreThanThereIs() {
    assertEquals(List.of(), walk(340, 341));
    assertEquals(340, statistics.malformedBytes);
  }

  @Test
  void dropsEverythingWhenTheFirstLengthIsLessThanAHeader() {
    assertEquals(List.of(), walk(340, 0));
    assertEquals(340, statistics.malformedBytes);
  }

  @Test
  void neverLeavesWhatWasReceivedWhateverItSays() {
    Random random = new Random(7);
    UnsafeBuffer buffer = new UnsafeBuffer(new byte[2000]);
    for (int i = 0; i < 20_000; i++) {
      int length = 1 + random.nextInt(2000);
      for (int offset = 0; offset + 24 <= length; offset += 24) {
        int claimed = random.nextInt(4) == 0 ? random.nextInt(65_536) : 24 * (1 + i % 3);
        DatagramHeader.datagramLength(buffer, offset, claimed);
      }
      statistics.malformedBytes = 0;
      train.begin(buffer, length);
      int handedOver = 0;
      while (!train.isEmpty()) {
        int at = train.offset();
        int step = train.step(buffer);
        if (step >= 0) {
          handedOver += step;
          assertEquals(at + step, train.offset());
          assertTrue(step >= DatagramHeader.LENGTH && at + step <= length, "outside: " + at);
        }
      }
      assertEquals(length, handedOver + statistics.malformedBytes, "every byte is accounted for");
    }
  }

  private List<Integer> walk(int length, int... lengthFields) {
    UnsafeBuffer buffer = new UnsafeBuffer(new byte[length]);
    int first = lengthFields[0];
    for (int i = 0; i < lengthFields.length; i++) {
      DatagramHeader.datagramLength(buffer, i * first, lengthFields[i]);
    }
    train.begin(buffer, length);
    List<Integer> lengths = new ArrayList<>();
    while (!train.isEmpty()) {
      int step = train.step(buffer);
      if (step >= 0) {
        lengths.add(step);
      }
    }
    return lengths;
  }
}
