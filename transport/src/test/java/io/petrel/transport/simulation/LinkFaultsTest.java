package io.petrel.transport.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a link does by chance: the right share of it, repeatable, one fault not shifting another.
 */
class LinkFaultsTest {
  private static final int DATAGRAMS = 20_000;
  private static final int PAYLOAD = 40;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void injectsTheShareAskedOfEachFault(long seed) {
    TwoHosts hosts = new TwoHosts(seed);
    hosts.forward.delay(1_000_000).loss(0.02).reorder(0.05, 300_000).duplicate(0.03).corrupt(0.04);
    hosts.sendPaced(DATAGRAMS, PAYLOAD, 1_000);
    hosts.arrivals();

    LinkCounters counters = hosts.forward.counters();
    assertShare(0.02, counters.drops(DropCause.LOSS), DATAGRAMS);
    long passed = DATAGRAMS - counters.drops();
    assertShare(0.05, counters.reordered(), passed);
    assertShare(0.03, counters.duplicated(), passed);
    assertShare(0.04, counters.corrupted(), passed);
    assertEquals(passed + counters.duplicated(), hosts.network.delivered());
    assertTrue(hosts.network.isBalanced(), hosts.network.toString());
  }

  /** Within 5 standard deviations. */
  private static void assertShare(double expected, long count, long total) {
    double deviation = StrictMath.sqrt(expected * (1 - expected) / total);
    assertEquals(expected, (double) count / total, 5 * deviation);
  }

  @Test
  void changesExactlyOneByteOfACorruptedDatagram() {
    TwoHosts hosts = new TwoHosts(1);
    hosts.forward.corrupt(1).duplicate(1);
    UnsafeBuffer original = new UnsafeBuffer(new byte[PAYLOAD]);
    original.setMemory(0, PAYLOAD, (byte) 0x5A);
    List<Integer> changes = new ArrayList<>();
    Set<Integer> places = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      hosts.sender.send(original, 0, PAYLOAD, hosts.receiver.localAddress());
    }
    hosts.arrivals();
    hosts.receiver.receive(
        (buffer, offset, length, source) -> {
          int changed = 0;
          for (int i = 0; i < length; i++) {
            if (buffer.getByte(offset + i) != 0x5A) {
              changed++;
              places.add(i);
            }
          }
          changes.add(changed);
        },
        Integer.MAX_VALUE);
    assertEquals(2_000, changes.size());
    assertEquals(1_000, changes.stream().filter(changed -> changed == 1).count());
    assertEquals(1_000, changes.stream().filter(changed -> changed == 0).count(), "the copies");
    assertEquals(PAYLOAD, places.size(), "any byte may be hit");
  }

  @Test
  void losesOnlyWhatTheFilterPicks() {
    TwoHosts hosts = new TwoHosts(1);
    hosts.forward.filteredLoss((buffer, offset, length) -> buffer.getInt(offset) % 2 == 1, 0.5);
    hosts.send(DATAGRAMS, PAYLOAD);
    List<Integer> numbers = hosts.numbers();
    assertEquals(DATAGRAMS / 2, numbers.stream().filter(number -> number % 2 == 0).count());
    assertShare(0.5, hosts.forward.counters().drops(DropCause.FILTERED_LOSS), DATAGRAMS / 2);
    assertEquals(
        hosts.forward.counters().injectedDrops(),
        hosts.forward.counters().drops(DropCause.FILTERED_LOSS));
  }

  @Test
  void repeatsForASeedAndDiffersForAnother() {
    assertEquals(lostWith(1, false), lostWith(1, false));
    assertNotEquals(lostWith(1, false), lostWith(2, false));
  }

  @Test
  void losesTheSameDatagramsWhenOtherFaultsAreAdded() {
    assertEquals(lostWith(1, false), lostWith(1, true));
  }

  private static Set<Integer> lostWith(long seed, boolean otherFaults) {
    TwoHosts hosts = new TwoHosts(seed);
    hosts.forward.loss(0.05).meanBurst(3);
    if (otherFaults) {
      hosts.forward.delay(1_000).jitter(1_000).reorder(0.1, 5_000).duplicate(0.1);
    }
    hosts.send(1_000, PAYLOAD);
    Set<Integer> lost = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      lost.add(i);
    }
    hosts.numbers().forEach(lost::remove);
    assertTrue(lost.size() > 10, "lost only " + lost.size());
    return lost;
  }
}
