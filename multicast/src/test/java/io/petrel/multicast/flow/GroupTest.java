package io.petrel.multicast.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.multicast.frames.Status;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GroupTest {
  private static final long MS = 1_000_000;
  private static final int WINDOW = 1_000;

  private final List<String> events = new ArrayList<>();
  private final GroupListener listener =
      new GroupListener() {
        @Override
        public void onJoined(long receiverId) {
          events.add("joined " + receiverId);
        }

        @Override
        public void onLeft(long receiverId, boolean silent) {
          events.add((silent ? "silent " : "left ") + receiverId);
        }

        @Override
        public void onEvicted(long receiverId, long contiguousPosition) {
          events.add("evicted " + receiverId + " at " + contiguousPosition);
        }

        @Override
        public void onExcluded(long receiverId, double missedShare) {
          events.add("excluded " + receiverId);
        }
      };

  private Group group(FlowMode mode, int limit, long... named) {
    return new Group(mode, limit, named, 0.1, listener);
  }

  private static Status status(long id, long position, long missed) {
    Status status = new Status();
    status.receiverId = id;
    status.readPosition = position;
    status.contiguousPosition = position;
    status.windowBytes = WINDOW;
    status.missedBytes = missed;
    return status;
  }

  @Test
  void fastestWaitsForNobody() {
    Group group = group(FlowMode.FASTEST, 10);
    group.onStatus(0, status(1, 0, 0), 0, 500);

    assertEquals(Group.NO_LIMIT, group.sendLimit());
    assertEquals(Group.NO_LIMIT, group.receivedPosition());
  }

  @Test
  void slowestWaitsForTheSlowest() {
    Group group = group(FlowMode.SLOWEST, 10);
    group.onStatus(0, status(1, 400, 0), 0, 500);
    group.onStatus(0, status(2, 100, 0), 0, 500);

    assertEquals(100 + WINDOW, group.sendLimit());
    assertEquals(100, group.receivedPosition());
  }

  @Test
  void namedWaitsForThoseAlone() {
    Group group = group(FlowMode.NAMED, 10, 7, 5);
    group.onStatus(0, status(1, 100, 0), 0, 500);
    assertFalse(group.isNamedComplete());
    assertEquals(Group.NO_LIMIT, group.sendLimit());

    group.onStatus(0, status(5, 300, 0), 0, 500);
    group.onStatus(0, status(7, 200, 0), 0, 500);

    assertTrue(group.isNamedComplete());
    assertEquals(200, group.receivedPosition());
  }

  @Test
  void stopsWaitingForWhoMakesNoProgressUntilItIsBack() {
    Group group = group(FlowMode.SLOWEST, 10);
    for (long ms = 0; ms <= 100; ms += 10) {
      group.onStatus(ms * MS, status(1, 0, 0), 0, 500);
      group.onStatus(ms * MS, status(2, ms, 0), 0, 500);
    }

    group.sweep(100 * MS, 1_000 * MS, 99 * MS, 500);

    assertEquals("evicted 1 at 0", events.getLast());
    assertEquals(1, group.evictions());
    assertEquals(100, group.receivedPosition());
    group.onStatus(110 * MS, status(1, 500, 0), 0, 500);
    group.onStatus(110 * MS, status(2, 500, 0), 0, 500);
    group.sweep(120 * MS, 1_000 * MS, 99 * MS, 500);
    assertEquals(500 + WINDOW, group.sendLimit());
    assertEquals(500, group.receivedPosition(), "it has caught up and counts again");
  }

  @Test
  void whoHasEverythingIsNotEvictedHoweverLongNothingIsSent() {
    Group group = group(FlowMode.SLOWEST, 10);
    group.onStatus(0, status(1, 500, 0), 0, 500);
    group.onStatus(900 * MS, status(1, 500, 0), 0, 500);

    group.sweep(900 * MS, 1_000 * MS, 100 * MS, 500);

    assertEquals(List.of("joined 1"), events);
  }

  @Test
  void forgetsWhoIsSilentAndWhoGoes() {
    Group group = group(FlowMode.SLOWEST, 10);
    group.onStatus(0, status(1, 0, 0), 0, 500);
    group.onStatus(0, status(2, 0, 0), 0, 500);
    Status goodbye = status(2, 0, 0);
    goodbye.leaving = true;

    assertNull(group.onStatus(MS, goodbye, 0, 500));
    group.sweep(200 * MS, 100 * MS, 1_000 * MS, 500);

    assertEquals(List.of("joined 1", "joined 2", "left 2", "silent 1"), events);
    assertEquals(Group.NO_LIMIT, group.sendLimit());
  }

  @Test
  void isBoundedAndCountsThoseWithoutAPlace() {
    Group group = group(FlowMode.FASTEST, 3);
    for (long id = 1; id <= 10; id++) {
      group.onStatus(0, status(id, 0, 0), 0, 500);
    }

    assertEquals(3, group.tracked());
    assertEquals(10, group.size());
    assertEquals(7, group.refused());
  }

  @Test
  void aNamedReceiverTakesThePlaceOfTheMostSilent() {
    Group group = group(FlowMode.NAMED, 2, 9);
    group.onStatus(0, status(1, 0, 0), 0, 500);
    group.onStatus(MS, status(2, 0, 0), 0, 500);
    group.onStatus(2 * MS, status(9, 0, 0), 0, 500);

    assertEquals(List.of("joined 1", "joined 2", "silent 1", "joined 9"), events);
  }

  @Test
  void aReceiverThatClaimsMoreThanWasSentGainsNothingByIt() {
    Group group = group(FlowMode.SLOWEST, 10);
    group.onStatus(0, status(1, Long.MAX_VALUE - WINDOW, 0), 0, 500);

    assertEquals(500, group.receivedPosition());
    assertEquals(500 + WINDOW, group.sendLimit());
  }

  @Test
  void excludesWhoMissesFarMoreThanTheOthers() {
    Group group = group(FlowMode.SLOWEST, 10);
    report(group, 4, 0.01, 0.3);

    assertTrue(events.contains("excluded 1"), events::toString);
    assertTrue(group.isExcluded(1));
    assertFalse(group.isExcluded(2));
  }

  @Test
  void excludesNobodyWhenAllMissTheSame() {
    Group group = group(FlowMode.SLOWEST, 10);
    report(group, 4, 0.3, 0.3);

    assertEquals(0, group.excludedCount());
  }

  @Test
  void excludesNobodyWhoIsAlone() {
    Group group = group(FlowMode.SLOWEST, 10);
    report(group, 1, 0, 0.3);

    assertEquals(0, group.excludedCount());
  }

  /** A second of statuses, the first receiver missing one share, the others another. */
  private static void report(Group group, int receivers, double others, double first) {
    for (long ms = 0; ms <= 1_000; ms += 10) {
      long sent = ms * 100_000;
      for (int id = 1; id <= receivers; id++) {
        long missed = (long) (sent * (id == 1 ? first : others));
        group.onStatus(ms * MS, status(id, sent, missed), 0, sent);
      }
    }
  }

  @Test
  void takesTheSmallerOfTwoRoundTripsAndTheLongestOfTheGroup() {
    Group group = group(FlowMode.FASTEST, 10);
    group.onStatus(0, status(1, 0, 0), 900, 0);
    assertEquals(900, group.roundTripNs());
    group.onStatus(0, status(1, 0, 0), 100, 0);
    group.onStatus(0, status(2, 0, 0), 300, 0);

    assertEquals(300, group.roundTripNs());
  }
}
