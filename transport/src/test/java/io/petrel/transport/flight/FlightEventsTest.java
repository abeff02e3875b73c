package io.petrel.transport.flight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.transport.Context;
import io.petrel.transport.Petrel;
import io.petrel.transport.Publication;
import io.petrel.transport.Subscription;
import io.petrel.transport.Threading;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a recording of this process holds after rare things happened. */
final class FlightEventsTest {
  private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(60);

  @TempDir private Path dir;

  @Test
  void recordsSessionsThatComeAndGo() throws Exception {
    long sessionId;
    List<RecordedEvent> events;
    try (Recording recording = new Recording()) {
      recording.start();
      try (Petrel here = launch("here");
          Petrel there = launch("there")) {
        Subscription subscription = there.subscribe("tcp://127.0.0.1:0");
        InetSocketAddress address = (InetSocketAddress) subscription.localAddress();
        int port = address == null ? 0 : address.getPort();
        Publication publication = here.publish("tcp://127.0.0.1:" + port);
        UnsafeBuffer message = new UnsafeBuffer(new byte[8]);
        Subscription in = subscription;
        await(() -> here.work() + poll(in) >= 0 && publication.offer(message, 0, 8) > 0);
        await(() -> here.work() + poll(in) >= 0 && in.sessionCount() == 1);
        sessionId = publication.sessionId();
        publication.close();
        await(() -> here.work() + poll(in) >= 0 && in.sessionCount() == 0);
      }
      events = dumped(recording);
    }
    RecordedEvent up = only(events, "io.petrel.SessionUp", sessionId);
    assertTrue(up.getString("peer").contains("127.0.0.1"), up.toString());
    RecordedEvent down = only(events, "io.petrel.SessionDown", sessionId);
    assertEquals("CLOSED_BY_PEER", down.getString("reason"));
    assertEquals(16, down.getLong("position"), "a record of 8 bytes and its header");
  }

  @Test
  void recordsLossStallsAndEvictions() throws Exception {
    List<RecordedEvent> events;
    try (Recording recording = new Recording()) {
      recording.start();
      FlightEvents.loss(77, 3, 1_000, 1_500);
      FlightEvents.stall("engine of this test", 12_345_678);
      FlightEvents.lossEpisode(78, "127.0.0.1:9000", 12, 34_567);
      FlightEvents.eviction(79, 2);
      events = dumped(recording);
    }
    RecordedEvent loss = only(events, "io.petrel.Loss", 77);
    assertEquals(1_000, loss.getLong("position"));
    assertEquals(500, loss.getLong("bytes"));
    assertEquals(3, loss.getInt("stream"));
    RecordedEvent episode = only(events, "io.petrel.LossEpisode", 78);
    assertEquals("127.0.0.1:9000", episode.getString("peer"));
    assertEquals(12, episode.getLong("packets"));
    assertEquals(34_567, episode.getDuration("lasted").toNanos());
    assertEquals(2, only(events, "io.petrel.Eviction", 79).getLong("receivers"));
    RecordedEvent stall =
        events.stream()
            .filter(event -> event.getEventType().getName().equals("io.petrel.Stall"))
            .filter(event -> event.getString("agent").equals("engine of this test"))
            .findFirst()
            .orElseThrow();
    assertEquals(12_345_678, stall.getDuration("lasted").toNanos());
  }

  private Petrel launch(String name) {
    return Petrel.launch(
        new Context()
            .threading(Threading.INVOKER)
            .set("dir", dir.resolve(name).toString())
            .set("linger", "100ms"));
  }

  private static int poll(Subscription subscription) {
    return subscription.poll((buffer, offset, length, header) -> {}, 10);
  }

  private static void await(BooleanSupplier condition) {
    long startNs = System.nanoTime();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() - startNs < DEADLINE_NS, "waited too long");
    }
  }

  private List<RecordedEvent> dumped(Recording recording) throws Exception {
    recording.stop();
    Path file = dir.resolve("events.jfr");
    recording.dump(file);
    return RecordingFile.readAllEvents(file);
  }

  private static RecordedEvent only(List<RecordedEvent> events, String name, long session) {
    List<RecordedEvent> found = new ArrayList<>();
    for (RecordedEvent event : events) {
      if (event.getEventType().getName().equals(name) && event.getLong("session") == session) {
        found.add(event);
      }
    }
    assertEquals(1, found.size(), name + " of " + session + " among " + events);
    return found.getFirst();
  }
}
