package io.petrel.multicast.receiver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.codecs.DatagramHeader;
import io.petrel.codecs.Rejection;
import io.petrel.codecs.wire.FanOutDataFrameDecoder;
import io.petrel.multicast.fabric.Fabric;
import io.petrel.multicast.fabric.ListSink;
import io.petrel.multicast.frames.FanOutWriter;
import io.petrel.multicast.frames.SetUp;
import io.petrel.multicast.frames.Status;
import io.petrel.transport.datagram.EndpointAddress;
import io.petrel.transport.ring.RangeSet;
import io.petrel.transport.ring.RecordLayout;
import io.petrel.transport.ring.SendRing;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Whatever is sent to a group, those who keep to the protocol feel nothing. */
class HostileInputTest {
  private static final int CAPACITY = 64 * 1024;

  private final Fabric fabric = Fabric.started(3, CAPACITY);
  private final ListSink sink = new ListSink();
  private final long sessionId = fabric.source().sessionId();
  private int sent;

  private FanOutWriter writer(long session) {
    return new FanOutWriter(session, 0, 1_408, true);
  }

  private byte[] only() {
    List<byte[]> written = sink.take();
    assertEquals(1, written.size());
    return written.getFirst();
  }

  private byte[] nak(long receiverId, long... fromTo) {
    RangeSet ranges = new RangeSet(100);
    for (int i = 0; i < fromTo.length; i += 2) {
      ranges.add(fromTo[i], fromTo[i + 1]);
    }
    FanOutWriter writer = writer(sessionId);
    writer.begin(sink);
    writer.nak(receiverId, ranges, 0, ranges.count());
    writer.finish();
    return only();
  }

  private byte[] heartbeat(long session, long low, long high) {
    FanOutWriter writer = writer(session);
    writer.begin(sink);
    writer.heartbeat(low, high, 0, false);
    writer.finish();
    return only();
  }

  private byte[] data(long session, SendRing ring, long position, int length, long high) {
    FanOutWriter writer = writer(session);
    writer.begin(sink);
    writer.data(ring, position, length, 0, high, true);
    writer.finish();
    return only();
  }

  private void send(int count) {
    for (int i = 0; i < count; i++) {
      assertTrue(fabric.offer(sent++, 100) > 0);
      fabric.step();
    }
  }

  private void assertUnharmed() {
    send(20);
    fabric.steps(300);
    for (int i = 0; i < 3; i++) {
      assertEquals(IntStream.range(0, sent).boxed().toList(), fabric.end(i).read());
      assertEquals(List.of("source"), fabric.end(i).said());
    }
  }

  @Test
  void naksForWhatWasNeverSentAreCountedAndCauseNothing() {
    send(10);
    long before = fabric.source().counters().repairBytes();
    fabric.toSource(nak(1, 1_000_000, 1_000_100));
    fabric.toSource(nak(1, 1_100, 1 << 30));
    fabric.steps(100);

    assertEquals(before, fabric.source().counters().repairBytes());
    assertEquals(2, fabric.source().counters().impossibleRanges());
    assertUnharmed();
  }

  @Test
  void naksForWhatIsLongGoneAreCountedAndCauseNothing() {
    send(2_000);
    assertTrue(fabric.source().low() > 1_000);
    fabric.toSource(nak(1, 0, 1_000));
    fabric.steps(100);

    assertEquals(0, fabric.source().counters().repairBytes());
    assertEquals(1, fabric.source().counters().lateRanges());
    assertUnharmed();
  }

  @Test
  void aFloodOfNaksRepairsEachRangeOnce() {
    send(100);
    for (int i = 0; i < 10_000; i++) {
      fabric.toSource(nak(i, 0, 1_120, 5_600, 6_720));
    }
    fabric.steps(100);

    assertEquals(2_240, fabric.source().counters().repairBytes());
    assertUnharmed();
  }

  @Test
  void statusesOfAThousandReceiversThatDoNotExistHoldNobodyUp() {
    send(10);
    Status status = new Status();
    for (int i = 0; i < 10_000; i++) {
      status.receiverId = 1_000L + i;
      status.windowBytes = 0;
      FanOutWriter writer = writer(sessionId);
      writer.begin(sink);
      writer.status(status);
      writer.finish();
      fabric.toSource(only());
    }

    assertTrue(fabric.source().group().tracked() <= 4_096);
    assertUnharmed();
  }

  @Test
  void heartbeatsOfAStrangerAreDropped() {
    send(10);
    fabric.toAll(heartbeat(99, 0, 1 << 20));

    assertEquals(1, fabric.end(0).receivers().strangers());
    assertUnharmed();
  }

  @Test
  void datagramsOfTheSessionFromAnotherAddressAreDropped() {
    send(10);
    byte[] forged = heartbeat(sessionId, 1_000_000, 1_000_100);
    EndpointAddress stranger = new EndpointAddress().setIpv4(0x0A00_0063, 9_000);
    for (int i = 0; i < 3; i++) {
      fabric
          .end(i)
          .receivers()
          .onDatagram(fabric.nowNs(), 0, new UnsafeBuffer(forged), 0, forged.length, stranger);
      assertEquals(1, fabric.end(i).receivers().strangers());
    }
    assertUnharmed();
  }

  @Test
  void aWindowThatRunsBackwardsOrIsLargerThanTheRingChangesNothing() {
    send(10);
    fabric.toAll(heartbeat(sessionId, 0, 112));
    fabric.toAll(heartbeat(sessionId, 0, 10L * CAPACITY));
    fabric.toAll(heartbeat(sessionId, 0, Long.MAX_VALUE));

    assertEquals(2, fabric.end(0).receiver().counters().refusedBad());
    assertUnharmed();
  }

  @Test
  void aWindowThatJumpsAheadWithinTheRingIsAskedForAtABoundedRate() {
    send(10);
    fabric.toAll(heartbeat(sessionId, 0, 10 * 112 + 5_600));
    long before = fabric.naks();
    fabric.steps(1_000);

    // 100 round trips and three receivers that never ask more than twice in one.
    assertTrue(fabric.naks() - before <= 600, (fabric.naks() - before) + " NAKs");
    assertEquals(0, fabric.source().counters().repairBytes());
    send(60);
    assertUnharmed();
  }

  @Test
  void duplicatesOfEverythingAndRepairsNobodyAskedForChangeNothing() {
    send(50);
    for (int round = 0; round < 5; round++) {
      for (long position = 0; position < 50 * 112; position += 112) {
        fabric.toAll(data(sessionId, fabric.ring(), position, 112, 50 * 112));
      }
    }

    assertEquals(250, fabric.end(0).receiver().counters().unaskedRepairs());
    assertUnharmed();
  }

  @Test
  void otherBytesForAPositionAlreadyReceivedAreNotTaken() {
    fabric.end(0).reads(false);
    send(3);
    SendRing other = SendRing.exclusive(CAPACITY);
    for (int i = 0; i < 3; i++) {
      UnsafeBuffer message = new UnsafeBuffer(new byte[100]);
      message.putInt(0, 666);
      other.offer(message, 0, 100);
    }
    other.writtenPosition();
    fabric.toAll(data(sessionId, other, 0, 336, 336));
    fabric.end(0).reads(true);

    assertUnharmed();
  }

  @Test
  void recordsThatLieEndTheSourceAndNothingElse() {
    SendRing lying = SendRing.exclusive(CAPACITY);
    lying.offer(new UnsafeBuffer(new byte[100]), 0, 100);
    lying.writtenPosition();
    lying.buffer().putLong(0, RecordLayout.header(CAPACITY, RecordLayout.TYPE_MESSAGE));
    fabric.toAll(data(sessionId, lying, 0, 112, 112));
    fabric.steps(20_000);

    assertEquals(List.of("source", "end MALFORMED"), fabric.end(0).said().subList(0, 2));
    assertEquals(List.of(), fabric.end(0).read());
  }

  @Test
  void anotherSchemaVersionIsReadAsFarAsItIsKnownAndGarbageIsDropped() {
    send(10);
    SplittableRandom random = new SplittableRandom(3);
    byte[] good = data(sessionId, fabric.ring(), 0, 112, 1_120);
    for (int i = 0; i < 20_000; i++) {
      byte[] bad = good.clone();
      for (int change = random.nextInt(1, 4); change > 0; change--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt();
      }
      fabric.toAll(bad);
      fabric.toSource(bad);
    }
    byte[] newer = good.clone();
    newer[DatagramHeader.LENGTH + 6] = 9;
    fabric.toAll(newer);

    long checksums = fabric.end(0).receivers().rejected(Rejection.ordinal(Rejection.CHECKSUM));
    assertTrue(checksums > 10_000, checksums + " rejected by their checksum");
    assertUnharmed();
  }

  @Test
  void setUpsThatMakeNoSenseMakeNoSource() {
    for (int capacity : new int[] {0, 100, 4_095, 6_000}) {
      fabric.toAll(setUp(77, capacity, 0, 0));
    }
    fabric.toAll(setUp(77, 4_096, 4, 8));
    fabric.toAll(setUp(77, 4_096, 0, 5_000));

    assertEquals(1, fabric.end(0).receivers().count());
    assertEquals(6, fabric.end(0).receivers().refusedSources());
    assertUnharmed();
  }

  @Test
  void aFloodOfSourcesIsBounded() {
    for (int i = 0; i < 1_000; i++) {
      byte[] setUp = setUp(1_000 + i, 4_096, 0, 0);
      EndpointAddress from = new EndpointAddress().setIpv4(0x0A01_0000 + i, 9_000);
      fabric
          .end(0)
          .receivers()
          .onDatagram(fabric.nowNs(), 0, new UnsafeBuffer(setUp), 0, setUp.length, from);
    }

    assertEquals(64, fabric.end(0).receivers().count());
    assertEquals(1_000 - 63, fabric.end(0).receivers().refusedSources());
  }

  @Test
  void twoSourcesOfOneGroupAreToldApartAndARestartedOneBeginsAnew() {
    send(5);
    byte[] second = setUp(55, 4_096, 0, 0);
    EndpointAddress other = new EndpointAddress().setIpv4(0x0A00_0002, 9_000);
    Receivers receivers = fabric.end(0).receivers();
    receivers.onDatagram(fabric.nowNs(), 0, new UnsafeBuffer(second), 0, second.length, other);
    assertEquals(2, receivers.count());

    byte[] again = setUp(56, 4_096, 0, 0);
    receivers.onDatagram(fabric.nowNs(), 0, new UnsafeBuffer(again), 0, again.length, other);

    assertEquals(2, receivers.count());
    assertEquals(List.of("source", "source", "end RESTARTED", "source"), fabric.end(0).said());
    assertEquals(IntStream.range(0, 5).boxed().toList(), fabric.end(0).read());
  }

  private byte[] setUp(long session, int capacity, long join, long high) {
    SetUp setUp = new SetUp();
    setUp.ringCapacity = capacity;
    setUp.joinPosition = join;
    setUp.windowHigh = high;
    setUp.roundTripNs = 100_000;
    setUp.groupSize = 1;
    setUp.statusIntervalNs = 1_000_000;
    setUp.heartbeatNs = 5_000_000;
    setUp.backoffFactor = 4;
    FanOutWriter writer = writer(session);
    writer.begin(sink);
    writer.setUp(setUp, new long[0], 0);
    writer.finish();
    return only();
  }

  @Test
  void theTemplateOfDataIsWhatTheFabricTakesItFor() {
    assertEquals(
        FanOutDataFrameDecoder.TEMPLATE_ID,
        Fabric.template(data(sessionId, filled(), 0, 112, 112)));
  }

  private static SendRing filled() {
    SendRing ring = SendRing.exclusive(CAPACITY);
    ring.offer(new UnsafeBuffer(new byte[100]), 0, 100);
    ring.writtenPosition();
    return ring;
  }
}
