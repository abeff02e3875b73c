package io.petrel.transport.ipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.transport.Claim;
import io.petrel.transport.Context;
import io.petrel.transport.EndReason;
import io.petrel.transport.Options;
import io.petrel.transport.Petrel;
import io.petrel.transport.Publication;
import io.petrel.transport.SessionEvents;
import io.petrel.transport.SessionInfo;
import io.petrel.transport.Subscription;
import io.petrel.transport.Threading;
import io.petrel.transport.metrics.ProcessIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a dead process may leave in a ring, each state made by hand. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class IpcDeathTest {
  private static final String URI = "ipc://orders?ring=4KiB&linger=0";

  /** Of the record that is claimed last: 30 bytes and a header. */
  private static final long RECORD_LENGTH = IpcLayout.aligned(46);

  /** This process's number, but of one that started at another time: dead. */
  private static final ProcessIdentity DEAD =
      new ProcessIdentity(ProcessIdentity.own().pid(), ProcessIdentity.own().start() - 1_000_000);

  @TempDir private Path directory = Path.of("");
  private final List<String> lines = new ArrayList<>();
  private final UnsafeBuffer source = new UnsafeBuffer(new byte[64]);
  private final SessionEvents events =
      new SessionEvents() {
        @Override
        public void onSessionDown(
            final SessionInfo session, final EndReason reason, final long position) {
          lines.add("down " + reason);
        }
      };

  /** How far an offer got before its process was killed. */
  enum Moment {
    TAIL_MOVED,
    LENGTH_WRITTEN,
    OFFERED,
    CLAIMED,
    PADDING_WRITTEN
  }

  private Petrel launch() {
    return Petrel.launch(
        new Context().threading(Threading.INVOKER).set(Options.DIR, directory.toString()));
  }

  private IpcFile file() {
    return new IpcFile(directory, "orders-0.ipc");
  }

  private long offer(final Publication publication, final String text) {
    return publication.offer(source, 0, source.putStringWithoutLengthAscii(0, text));
  }

  private void pollUntil(final Petrel petrel, final Subscription subscription, final int count) {
    while (lines.size() < count) {
      petrel.work();
      subscription.poll(
          (buffer, offset, length, header) ->
              lines.add(buffer.getStringWithoutLengthAscii(offset, length)),
          10);
    }
  }

  private IpcRing open() {
    return file().alone(() -> file().openOrCreate(4096));
  }

  /** A publisher that wrote a message and died in the next. */
  private void dieIn(final Moment moment, final int slot, final IpcRing ring) {
    final IpcWriter writer = new IpcWriter(ring, new IpcMembership(ring).publisherOwner(slot));
    final long whole = writer.claim(4, IpcLayout.TYPE_MESSAGE, IpcLayout.OFFERED);
    ring.buffer.putStringWithoutLengthAscii(writer.payloadIndex(whole), "last");
    writer.commitOffer(whole, 4);
    final long tail = ring.tail();
    switch (moment) {
      case TAIL_MOVED -> ring.buffer.getAndAddLong(IpcLayout.TAIL_OFFSET, RECORD_LENGTH);
      case LENGTH_WRITTEN -> {
        ring.buffer.getAndAddLong(IpcLayout.TAIL_OFFSET, RECORD_LENGTH);
        ring.buffer.putLong(
            ring.index(tail) + IpcLayout.ABOUT,
            IpcLayout.about(40, writer.owner(), IpcLayout.TYPE_MESSAGE));
      }
      case OFFERED -> writer.claim(30, IpcLayout.TYPE_MESSAGE, IpcLayout.OFFERED);
      case CLAIMED -> writer.claim(30, IpcLayout.TYPE_MESSAGE, IpcLayout.CLAIMED);
      case PADDING_WRITTEN -> {
        final int untilEnd = ring.capacity - ((int) tail & ring.mask);
        ring.buffer.getAndAddLong(IpcLayout.TAIL_OFFSET, untilEnd + RECORD_LENGTH);
        final int index = ring.index(tail);
        ring.buffer.putLong(
            index + IpcLayout.ABOUT,
            IpcLayout.about(untilEnd, writer.owner(), IpcLayout.TYPE_PADDING));
        ring.buffer.putLongRelease(index, ring.word(tail));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatADeadPublisherLeftOpenIsSkippedAndItsEndIsTold(final Moment moment) {
    try (Petrel petrel = launch();
        Subscription subscription = petrel.subscribe(URI, events);
        Publication alive = petrel.publish(URI)) {
      for (int i = 0; i < 80; i++) {
        offer(alive, "up to the middle of the ring"); // So that there is room for padding.
        subscription.poll((buffer, offset, length, header) -> {}, 1);
      }
      final IpcRing ring = open();
      final int slot = file().alone(() -> new IpcMembership(ring).joinPublisher(DEAD, false));
      dieIn(moment, slot, ring);
      assertTrue(offer(alive, "behind") > 0);

      pollUntil(petrel, subscription, 3);

      assertEquals(List.of("last", "behind", "down CONNECTION_LOST"), lines);
      assertEquals(1, subscription.sessionCount());
      for (int i = 0; i < 200; i++) {
        assertTrue(offer(alive, "more") > 0);
        pollUntil(petrel, subscription, lines.size() + 1);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void theLastRecordOfADeadPublisherIsSkippedWithNothingBehindIt(final Moment moment) {
    try (Petrel petrel = launch();
        Subscription subscription = petrel.subscribe(URI, events)) {
      final IpcRing ring = open();
      final int slot = file().alone(() -> new IpcMembership(ring).joinPublisher(DEAD, false));
      dieIn(moment, slot, ring);

      pollUntil(petrel, subscription, 2);

      assertEquals(List.of("last", "down CONNECTION_LOST"), lines);
      assertEquals(0, subscription.sessionCount());
    }
  }

  @Test
  void aClaimOfALivePublisherIsNotTouchedBeforeItsTimeout() {
    try (Petrel petrel = launch();
        Subscription subscription = petrel.subscribe(URI, events);
        Publication alive = petrel.publish(URI)) {
      final Claim claim = new Claim();
      alive.tryClaim(4, claim);
      final IpcRing ring = open();
      final int slot = file().alone(() -> new IpcMembership(ring).joinPublisher(DEAD, false));
      dieIn(Moment.OFFERED, slot, ring);
      while (new IpcMembership(ring).isPublisher(new IpcMembership(ring).publisherOwner(slot))) {
        petrel.work();
      }
      claim.buffer().putStringWithoutLengthAscii(0, "mine");
      claim.commit();

      pollUntil(petrel, subscription, 3);
      assertEquals(List.of("mine", "last", "down CONNECTION_LOST"), lines);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aDeadSubscriberHoldsNobodyBackForLong(final boolean anotherReads) {
    try (Petrel petrel = launch();
        Publication publication = petrel.publish(URI)) {
      final IpcRing ring = open();
      file().alone(() -> new IpcMembership(ring).joinSubscriber(DEAD, IpcLayout.ACTIVE));
      final Subscription other = anotherReads ? petrel.subscribe(URI) : null;
      int accepted = 0;
      while (offer(publication, "m" + accepted) > 0) {
        accepted++;
        if (other != null) {
          other.poll((buffer, offset, length, header) -> {}, 10);
        }
      }
      if (other != null) {
        while (offer(publication, "m" + accepted) < 0) {
          petrel.work();
        }
        other.close();
      } else {
        while (publication.isConnected()) {
          petrel.work();
        }
        // What it had not read is kept for the next.
        try (Subscription next = petrel.subscribe(URI)) {
          pollUntil(petrel, next, accepted);
          assertEquals("m0", lines.get(0));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoLeavesAFullRingWithoutAWordIsGoneAsSoonAsThereIsRoom(final boolean exclusive) {
    final Petrel other = launch();
    try (Petrel petrel = launch();
        Subscription subscription = petrel.subscribe(URI, events)) {
      final Publication publication = exclusive ? other.publishExclusive(URI) : other.publish(URI);
      int accepted = 0;
      while (offer(publication, "full to the last record") > 0) {
        accepted++;
      }
      while (publication.offer(source, 0, 0) > 0) {
        accepted++;
      }
      other.close();

      pollUntil(petrel, subscription, accepted + 1);

      assertEquals("down CONNECTION_LOST", lines.get(accepted));
      assertEquals(accepted + 1, lines.size());
      assertEquals(0, subscription.sessionCount());
    }
    assertFalse(Files.exists(file().path()));
  }

  @Test
  void aPublicationWaitsForItsOffersUnderWayAndIsNoLongerShownToWhoComes() {
    try (Petrel petrel = launch();
        Subscription subscription = petrel.subscribe(URI, events)) {
      final Publication publication = petrel.publish(URI);
      final IpcRing ring = open();
      final IpcMembership membership = new IpcMembership(ring);
      final int owner = membership.publisherOwner(0);
      final IpcWriter paused = new IpcWriter(ring, owner);
      final long position = paused.claim(4, IpcLayout.TYPE_MESSAGE, IpcLayout.OFFERED);

      publication.close();
      while (membership.publishers().length > 0) {
        petrel.work();
      }
      try (Subscription late = petrel.subscribe(URI)) {
        late.poll((buffer, offset, length, header) -> {}, 1);
        assertEquals(0, late.sessionCount());
      }
      for (int i = 0; i < 100; i++) {
        petrel.work();
        assertTrue(membership.isPublisher(owner), "left in the middle of an offer");
      }
      ring.buffer.putStringWithoutLengthAscii(paused.payloadIndex(position), "late");
      paused.commitOffer(position, 4);

      pollUntil(petrel, subscription, 2);
      while (membership.isPublisher(owner)) {
        petrel.work();
      }
      assertEquals(List.of("late", "down CLOSED_BY_PEER"), lines);
    }
  }

  @Test
  void aLeaseThatWasTakenAwayByHalfHoldsNobodyUp() {
    try (Petrel petrel = launch();
        Publication publication = petrel.publishExclusive(URI)) {
      assertTrue(offer(publication, "by the lease") > 0);
      final IpcRing ring = open();
      ring.lease(ring.lease() | IpcLayout.REVOKED);
      assertEquals(Publication.BACK_PRESSURED, offer(publication, "not now"));

      long position = 0;
      while (position <= 0) {
        petrel.work();
        position = offer(publication, "as all others");
      }

      assertEquals(0, ring.lease());
      assertEquals(ring.tail(), position);
      assertEquals(3L * IpcLayout.ALIGNMENT, position, "beginning and two messages");
    }
  }

  @Test
  void anExclusivePublicationGoesOnWhereAnotherComes() {
    try (Petrel petrel = launch();
        Subscription subscription = petrel.subscribe(URI, events);
        Publication first = petrel.publishExclusive(URI)) {
      assertTrue(offer(first, "alone") > 0);
      assertTrue(open().lease() != 0);
      try (Publication second = petrel.publishExclusive(URI)) {
        assertEquals(0, open().lease());
        assertTrue(offer(first, "one of two") > 0);
        assertTrue(offer(second, "the other") > 0);
        assertTrue(offer(first, "in turn") > 0);
      }
      pollUntil(petrel, subscription, 5);
    }
    assertEquals(
        List.of("alone", "one of two", "the other", "in turn", "down CLOSED_BY_PEER"), lines);
  }

  @Test
  void whoIsOvertakenHearsOfAnEndThatItMissed() {
    try (Petrel petrel = launch();
        Subscription subscription = petrel.subscribe(URI + "&slow=drop", events);
        Publication stays = petrel.publish(URI)) {
      final IpcRing ring = open();
      final IpcMembership membership = new IpcMembership(ring);
      final int slot = file().alone(() -> membership.joinPublisher(ProcessIdentity.own(), false));
      final IpcWriter leaver = new IpcWriter(ring, membership.publisherOwner(slot));
      leaver.commitOffer(leaver.claim(0, IpcLayout.TYPE_UP, IpcLayout.OFFERED), 0);
      subscription.poll((buffer, offset, length, header) -> {}, 10);
      assertEquals(2, subscription.sessionCount());

      leaver.commitOffer(leaver.claim(0, IpcLayout.TYPE_DOWN, IpcLayout.OFFERED), 0);
      membership.retirePublisher(slot);
      for (int i = 0; i < 200; i++) {
        offer(stays, "written over what was not read");
      }
      while (subscription.poll((buffer, offset, length, header) -> {}, 10) > 0) {
        assertEquals(List.of(), lines);
      }
      membership.leavePublisher(slot);
      subscription.poll((buffer, offset, length, header) -> {}, 10);

      assertEquals(List.of("down CONNECTION_LOST"), lines);
      assertEquals(1, subscription.sessionCount());
    }
  }

  @ParameterizedTest
  @CsvSource({"true, false", "false, false", "true, true", "false, true"})
  void aPayloadThatEndsInAnOldCommitWordMakesNoNewOne(
      final boolean exclusive, final boolean claim) {
    try (Petrel petrel = launch();
        Publication publication = exclusive ? petrel.publishExclusive(URI) : petrel.publish(URI)) {
      final IpcRing ring = open();
      final long within = publication.position() + IpcLayout.ALIGNMENT;
      final long future = within + ring.capacity;
      final int index = ring.index(within);
      final int length = IpcLayout.ALIGNMENT - IpcLayout.HEADER_LENGTH + Short.BYTES;
      final UnsafeBuffer payload = new UnsafeBuffer(new byte[length]);
      payload.putShort(length - Short.BYTES, (short) ring.word(future));
      ring.buffer.putLong(index, ring.word(future) ^ 0x4000); // As an earlier lap left it.

      if (claim) {
        final Claim place = new Claim();
        assertTrue(publication.tryClaim(length, place) > 0);
        place.buffer().putShort(length - Short.BYTES, (short) ring.word(future));
        place.commit();
      } else {
        assertTrue(publication.offer(payload, 0, length) > 0);
      }

      assertEquals((short) ring.word(future), ring.buffer.getShort(index), "the payload's end");
      assertFalse(ring.isHeader(ring.buffer.getLong(index), future));
    }
  }

  @Test
  void aRingOfDeadProcessesIsReplaced() {
    final IpcRing stale = open();
    file()
        .alone(() -> {
          new IpcMembership(stale).joinPublisher(DEAD, false);
          return new IpcMembership(stale).joinSubscriber(DEAD, IpcLayout.ACTIVE);
        });
    stale.buffer.getAndAddLong(IpcLayout.TAIL_OFFSET, 640);
    try (Petrel petrel = launch();
        Publication publication = petrel.publish("ipc://orders?ring=8KiB&linger=0");
        Subscription subscription = petrel.subscribe(URI)) {
      assertEquals(1024, publication.messageLimit(), "a new ring");
      assertTrue(offer(publication, "fresh") > 0);
      pollUntil(petrel, subscription, 1);
    }
    assertEquals(List.of("fresh"), lines);
    assertFalse(Files.exists(file().path()));
  }

  @Test
  void whoDiesWhileTheMembershipChangesLeavesNobodyWaiting() {
    try (Petrel petrel = launch();
        Publication publication = petrel.publish(URI)) {
      final IpcRing ring = open();
      file().alone(() -> new IpcMembership(ring).joinSubscriber(DEAD, IpcLayout.ACTIVE));
      ring.buffer.getAndAddLong(IpcLayout.EPOCH_OFFSET, 1);
      assertEquals(IpcRing.UNSTABLE, ring.floor());

      while (publication.isConnected()) {
        petrel.work();
      }

      assertTrue(ring.floor() >= 0, "floor " + ring.floor());
      assertTrue(offer(publication, "on") > 0);
    }
  }
}
