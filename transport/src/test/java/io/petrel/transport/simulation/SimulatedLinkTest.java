package io.petrel.transport.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.transport.datagram.DatagramFraming;
import io.petrel.transport.datagram.DatagramPortOptions;
import io.petrel.transport.datagram.DatagramResult;
import io.petrel.transport.datagram.EndpointAddress;
import java.io.IOException;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** What a link does without chance: times, limits and scripted faults, to the nanosecond. */
class SimulatedLinkTest {
  private static final int PAYLOAD = 97; // with 28 bytes of headers 1,000 bits
  private static final long MBIT = 1_000_000;

  private final TwoHosts hosts = new TwoHosts(1);

  @Test
  void deliversAtOnceWhenPerfect() {
    hosts.send(3, PAYLOAD);
    assertEquals(List.of(0L, 0L, 0L), hosts.times());
    assertEquals(List.of(0, 1, 2), hosts.numbers());
  }

  @Test
  void chargesHeadersAndPayloadAtTheRateAndThenTheDelay() {
    hosts.forward.rate(MBIT).delay(5_000_000);
    hosts.send(3, PAYLOAD);
    assertEquals(List.of(6_000_000L, 7_000_000L, 8_000_000L), hosts.times());
    assertEquals(3 * (PAYLOAD + 28), hosts.forward.counters().carriedBytes());
  }

  @Test
  void chargesLargerHeadersForIpv6() throws IOException {
    SimulatedLink link = hosts.network.link("v6").rate(MBIT);
    SimulatedHost one = hosts.network.host(EndpointAddress.of("fd00::1", 0)).egress(link);
    SimulatedHost other = hosts.network.host(EndpointAddress.of("fd00::2", 0));
    DatagramPortOptions options = new DatagramPortOptions().framing(DatagramFraming.NONE);
    SimulatedPort receiver = other.open(7, options);
    one.open(7, options).send(new UnsafeBuffer(new byte[77]), 0, 77, receiver.localAddress());
    assertEquals(List.of(1_000_000L), hosts.times());
  }

  @Test
  void losesNoTimeByRounding() {
    hosts.forward.rate(3 * MBIT); // a third of a millisecond each
    hosts.send(3_000, PAYLOAD);
    assertEquals(1_000_000_000L, hosts.times().getLast());
  }

  @Test
  void startsAnewAfterAPause() {
    hosts.forward.rate(MBIT);
    hosts.send(1, PAYLOAD);
    hosts.network.advanceTo(10_000_000);
    hosts.send(1, PAYLOAD);
    assertEquals(List.of(1_000_000L, 11_000_000L), hosts.times());
  }

  @Test
  void limitsTheQueueInPackets() {
    hosts.forward.rate(MBIT).queuePackets(4);
    hosts.send(10, PAYLOAD); // one on the wire, four waiting
    assertEquals(List.of(0, 1, 2, 3, 4), hosts.numbers());
    assertEquals(5, hosts.forward.counters().drops(DropCause.QUEUE));
    assertEquals(4, hosts.forward.counters().maxQueuedPackets());
    assertEquals(4_000_000, hosts.forward.counters().maxQueueDelayNs());
    assertEquals(0, hosts.forward.counters().injectedDrops());
  }

  @Test
  void makesRoomInTheQueueAsItTransmits() {
    hosts.forward.rate(MBIT).queuePackets(1);
    hosts.send(3, PAYLOAD); // 0 transmits, 1 waits, 2 is dropped
    hosts.network.advanceTo(1_000_000); // 1 transmits
    hosts.send(2, PAYLOAD); // 3 waits, 4 is dropped
    assertEquals(List.of(0, 1, 3), hosts.numbers());
  }

  @Test
  void limitsTheQueueInTime() {
    hosts.forward.rate(MBIT).queueTime(3_000_000);
    hosts.send(10, PAYLOAD); // the fifth would wait 4 ms
    assertEquals(List.of(0, 1, 2, 3), hosts.numbers());
    assertEquals(6, hosts.forward.counters().drops(DropCause.QUEUE));
    assertEquals(3_000_000, hosts.forward.counters().maxQueueDelayNs());
  }

  @Test
  void keepsTheOrderWhateverTheJitter() {
    hosts.forward.delay(1_000_000).jitter(500_000);
    hosts.sendPaced(1_000, PAYLOAD, 10_000);
    List<TwoHosts.Arrival> arrivals = hosts.arrivals();
    long most = 0;
    for (int i = 0; i < 1_000; i++) {
      assertEquals(i, arrivals.get(i).number());
      long delay = arrivals.get(i).atNs() - i * 10_000L;
      assertTrue(delay >= 1_000_000 && delay <= 1_500_000, "delay " + delay);
      most = Math.max(most, delay);
    }
    assertTrue(most > 1_490_000, "the longest delay was only " + most);
  }

  @Test
  void holdsADatagramBackSoThatOthersOvertakeIt() {
    hosts.forward.delay(1_000_000).reorder(1, 3_000_000);
    hosts.send(1, PAYLOAD);
    hosts.forward.reorder(0, 0);
    hosts.send(1, PAYLOAD);
    assertEquals(List.of(1, 0), hosts.numbers());
    assertEquals(List.of(1_000_000L, 4_000_000L), hosts.times());
    assertEquals(1, hosts.forward.counters().reordered());
  }

  @Test
  void swallowsEverythingInABlackhole() {
    hosts.forward.blackhole(2_000_000, 4_000_000).blackhole(6_000_000, 7_000_000);
    hosts.sendPaced(10, PAYLOAD, 1_000_000);
    assertEquals(List.of(0, 1, 4, 5, 7, 8, 9), hosts.numbers());
    assertEquals(3, hosts.forward.counters().drops(DropCause.BLACKHOLE));
    assertThrows(IllegalArgumentException.class, () -> hosts.forward.blackhole(5, 5));
  }

  @Test
  void canBeTakenDownAndUp() {
    hosts.forward.down(true);
    hosts.send(2, PAYLOAD);
    hosts.forward.down(false);
    hosts.send(1, PAYLOAD);
    assertEquals(List.of(2), hosts.numbers());
  }

  @Test
  void dropsExactlyTheDatagramsScripted() {
    hosts.forward.dropNth(2).dropNth(5);
    hosts.forward.dropMatching((buffer, offset, length) -> buffer.getInt(offset) >= 7, 2);
    hosts.send(10, PAYLOAD);
    assertEquals(List.of(0, 2, 3, 5, 6, 9), hosts.numbers());
    assertEquals(4, hosts.forward.counters().drops(DropCause.SCRIPTED));
    assertEquals(4, hosts.forward.counters().injectedDrops());
  }

  @Test
  void letsTooLargeDatagramsVanish() {
    hosts.forward.datagramLimit(PAYLOAD);
    hosts.send(1, PAYLOAD);
    hosts.send(1, PAYLOAD + 1);
    assertEquals(List.of(0), hosts.numbers());
    assertEquals(1, hosts.network.drops(DropCause.TOO_LARGE));
  }

  @Test
  void refusesTooLargeDatagramsWhereTheHostKnows() {
    hosts.forward.refusingDatagramLimit(PAYLOAD);
    UnsafeBuffer buffer = new UnsafeBuffer(new byte[PAYLOAD + 1]);
    int result = hosts.sender.send(buffer, 0, PAYLOAD + 1, hosts.receiver.localAddress());
    assertEquals(DatagramResult.TOO_LARGE, result);
    assertEquals(1, hosts.sender.statistics().sendTooLarge);
    assertEquals(0, hosts.network.sent());
  }

  @Test
  void sharesItsRateAmongFlows() throws IOException {
    hosts.forward.rate(MBIT).queuePackets(3);
    SimulatedHost second = hosts.network.host().egress(hosts.forward);
    SimulatedPort sender = second.open(9001, new DatagramPortOptions());
    hosts.send(2, PAYLOAD);
    UnsafeBuffer buffer = new UnsafeBuffer(new byte[PAYLOAD]);
    buffer.putInt(0, 77);
    for (int i = 0; i < 5; i++) {
      sender.send(buffer, 0, PAYLOAD, hosts.receiver.localAddress());
    }
    assertEquals(List.of(0, 1, 77, 77), hosts.numbers());
    assertEquals(List.of(1_000_000L, 2_000_000L, 3_000_000L, 4_000_000L), hosts.times());
  }

  @Test
  void cutsTrainsIntoDatagrams() {
    hosts.forward.rate(MBIT);
    UnsafeBuffer train = new UnsafeBuffer(new byte[3 * PAYLOAD]);
    int sent =
        hosts.sender.sendTrain(train, 0, train.capacity(), PAYLOAD, hosts.receiver.localAddress());
    assertEquals(train.capacity(), sent);
    assertEquals(List.of(1_000_000L, 2_000_000L, 3_000_000L), hosts.times());
    assertEquals(1, hosts.sender.statistics().trainsSent);
  }

  @Test
  void canBeChangedWhileItRuns() {
    hosts.forward.rate(MBIT);
    hosts.network.at(2_500_000, () -> hosts.forward.rate(2 * MBIT).delay(1_000_000));
    hosts.sendPaced(4, PAYLOAD, 1_000_000);
    // The first three at the old rate without delay, the last sent at 3 ms at the new one.
    assertEquals(List.of(1_000_000L, 2_000_000L, 3_000_000L, 4_500_000L), hosts.times());
  }

  @Test
  void refusesSettingsThatMakeNoSense() {
    assertThrows(IllegalArgumentException.class, () -> hosts.forward.loss(1.01));
    assertThrows(IllegalArgumentException.class, () -> hosts.forward.loss(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> hosts.forward.delay(-1));
  }
}
