package io.petrel.transport.ipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.transport.Claim;
import io.petrel.transport.ConfigurationException;
import io.petrel.transport.Context;
import io.petrel.transport.ControlledMessageHandler.Action;
import io.petrel.transport.EndReason;
import io.petrel.transport.MessageHandler;
import io.petrel.transport.MessageParts;
import io.petrel.transport.Options;
import io.petrel.transport.Petrel;
import io.petrel.transport.PetrelException;
import io.petrel.transport.Publication;
import io.petrel.transport.SessionEvents;
import io.petrel.transport.SessionInfo;
import io.petrel.transport.Subscription;
import io.petrel.transport.Threading;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class IpcTransportTest {
  private static final String URI = "ipc://orders?ring=4KiB&linger=0";

  @TempDir private Path directory = Path.of("");
  private final List<String> lines = new ArrayList<>();
  private final UnsafeBuffer source = new UnsafeBuffer(new byte[4096]);
  private final MessageHandler handler =
      (buffer, offset, length, header) ->
          lines.add(buffer.getStringWithoutLengthAscii(offset, length));
  private final SessionEvents events =
      new SessionEvents() {
        @Override
        public void onSessionUp(final SessionInfo session) {
          lines.add("up");
        }

        @Override
        public void onSessionDown(
            final SessionInfo session, final EndReason reason, final long position) {
          lines.add("down " + reason);
        }

        @Override
        public void onLoss(final SessionInfo session, final long from, final long to) {
          lines.add("loss");
        }
      };

  private Petrel launch() {
    return Petrel.launch(
        new Context()
            .threading(Threading.INVOKER)
            .set(Options.DIR, directory.toString())
            .errorHandler(error -> lines.add("error " + error.getMessage())));
  }

  private long offer(final Publication publication, final String text) {
    final int length = source.putStringWithoutLengthAscii(0, text);
    return publication.offer(source, 0, length);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(file -> file.toString().endsWith(".ipc")).toList();
    }
  }

  @Test
  void whatIsPublishedBeforeTheFirstSubscriberIsKept() {
    try (Petrel petrel = launch();
        Publication publication = petrel.publish(URI)) {
      assertFalse(publication.isConnected());
      assertTrue(offer(publication, "one") > 0);
      final long end = offer(publication, "two");
      try (Subscription subscription = petrel.subscribe(URI, events)) {
        assertTrue(publication.isConnected());
        assertEquals(2, subscription.poll(handler, 10));
        assertEquals(1, subscription.sessionCount());
        assertEquals(end, publication.acknowledgedPosition());
        assertTrue(publication.drain(0, TimeUnit.NANOSECONDS));
      }
    }
    assertEquals(List.of("up", "one", "two"), lines);
  }

  @Test
  void everySubscriberHasItsOwnPosition() {
    try (Petrel petrel = launch();
        Publication publication = petrel.publish(URI);
        Subscription first = petrel.subscribe(URI);
        Subscription second = petrel.subscribe(URI)) {
      offer(publication, "a");
      assertEquals(1, first.poll(handler, 10));
      offer(publication, "b");
      assertEquals(2, second.poll(handler, 10));
      assertEquals(1, first.poll(handler, 10));
    }
    assertEquals(List.of("a", "a", "b", "b"), lines);
  }

  @Test
  void whoJoinsBesidesOthersBeginsWithWhatIsPublishedThen() {
    try (Petrel petrel = launch();
        Publication publication = petrel.publish(URI);
        Subscription first = petrel.subscribe(URI)) {
      offer(publication, "before");
      try (Subscription second = petrel.subscribe(URI, events)) {
        offer(publication, "after");
        assertEquals(1, second.poll(handler, 10));
      }
      assertEquals(2, first.poll((buffer, offset, length, header) -> {}, 10));
    }
    assertEquals(List.of("up", "after"), lines);
  }

  @Test
  void severalPublishersAreToldApart() {
    final List<Long> sessions = new ArrayList<>();
    try (Petrel petrel = launch();
        Petrel other = launch();
        Subscription subscription = petrel.subscribe(URI, events);
        Publication first = petrel.publish(URI);
        Publication second = other.publish(URI)) {
      offer(first, "1");
      offer(second, "2");
      offer(first, "3");
      assertEquals(
          3,
          subscription.poll(
              (buffer, offset, length, header) -> sessions.add(header.session().sessionId()), 10));
      assertEquals(List.of(first.sessionId(), second.sessionId(), first.sessionId()), sessions);
      assertEquals(2, subscription.sessionCount());
    }
  }

  @Test
  void tellsOfPublishersThatComeAndGoInOrderWithTheData() {
    try (Petrel petrel = launch();
        Subscription subscription = petrel.subscribe(URI, events)) {
      final Publication first = petrel.publish(URI);
      offer(first, "a");
      first.close();
      awaitLeft(petrel, subscription);
      final Publication second = petrel.publish(URI);
      offer(second, "b");
      second.close();
      assertEquals(Publication.CLOSED, offer(second, "c"));
      awaitLeft(petrel, subscription);
    }
    assertEquals(
        List.of("up", "a", "down CLOSED_BY_PEER", "up", "b", "down CLOSED_BY_PEER"), lines);
  }

  private void awaitLeft(final Petrel petrel, final Subscription subscription) {
    final int before = lines.size();
    while (lines.size() == before || subscription.sessionCount() > 0) {
      petrel.work();
      subscription.poll(handler, 10);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"offer", "alone", "parts", "two", "claim"})
  void everyLengthWrapsWhole(final String how) {
    final Claim claim = new Claim();
    final MessageParts parts = new MessageParts(2);
    try (Petrel petrel = launch();
        Publication publication =
            how.equals("alone") ? petrel.publishExclusive(URI) : petrel.publish(URI);
        Subscription subscription = petrel.subscribe(URI)) {
      assertEquals(512, publication.messageLimit());
      for (int round = 0; round < 3; round++) {
        for (int length = 0; length <= 512; length++) {
          for (int i = 0; i < length; i++) {
            source.putByte(i, (byte) (i * 7 + length));
          }
          final int cut = length / 3;
          final long result =
              switch (how) {
                case "offer", "alone" -> publication.offer(source, 0, length);
                case "two" -> publication.offer(source, 0, cut, source, cut, length - cut);
                case "parts" ->
                    publication.offer(
                        parts.clear().add(source, 0, cut).add(source, cut, length - cut));
                default -> publication.tryClaim(length, claim);
              };
          if (how.equals("claim")) {
            claim.buffer().putBytes(0, source, 0, length);
            assertEquals(0, subscription.poll(handler, 10));
            claim.commit();
          }
          assertEquals(publication.position(), result, "length " + length);
          final int expected = length;
          assertEquals(
              1,
              subscription.poll(
                  (buffer, offset, got, header) -> {
                    assertEquals(expected, got);
                    assertEquals(publication.position(), header.position());
                    for (int i = 0; i < got; i++) {
                      assertEquals((byte) (i * 7 + expected), buffer.getByte(offset + i));
                    }
                  },
                  10));
        }
      }
      assertEquals(Publication.MESSAGE_TOO_LARGE, publication.offer(source, 0, 513));
      assertEquals(Publication.MESSAGE_TOO_LARGE, publication.offer(source, 0, -1));
      assertEquals(Publication.MESSAGE_TOO_LARGE, publication.tryClaim(513, claim));
      assertEquals(Publication.MESSAGE_TOO_LARGE, publication.offer(source, 0, 512, source, 0, 1));
      assertEquals(
          Publication.MESSAGE_TOO_LARGE,
          publication.offer(parts.clear().add(source, 0, 512).add(source, 0, 512)));
    }
    assertEquals(List.of(), lines);
  }

  @Test
  void aSlowSubscriberHoldsPublishersBackUntilItReads() {
    try (Petrel petrel = launch();
        Publication publication = petrel.publish(URI);
        Subscription slow = petrel.subscribe(URI);
        Subscription fast = petrel.subscribe(URI)) {
      int accepted = 0;
      while (offer(publication, "message " + accepted) > 0) {
        accepted++;
        fast.poll((buffer, offset, length, header) -> {}, 10);
      }
      assertEquals(Publication.BACK_PRESSURED, offer(publication, "no"));
      assertTrue(accepted > 50, "accepted " + accepted);
      assertEquals(accepted, slow.poll(handler, 1000));
      assertTrue(offer(publication, "again") > 0);
      assertEquals("message " + (accepted - 1), lines.get(accepted - 1));
    }
  }

  @Test
  void aRingThatNobodyReadsFillsAndThenPushesBack() {
    try (Petrel petrel = launch();
        Publication publication = petrel.publish(URI)) {
      int accepted = 0;
      while (offer(publication, "x") > 0) {
        accepted++;
      }
      try (Subscription subscription = petrel.subscribe(URI)) {
        assertEquals(accepted, subscription.poll(handler, 1000));
        offer(publication, "y");
        subscription.poll(handler, 1);
        offer(publication, "kept");
      }
      while (publication.isConnected()) {
        petrel.work();
      }
      try (Subscription next = petrel.subscribe(URI)) {
        lines.clear();
        assertEquals(1, next.poll(handler, 10));
      }
    }
    assertEquals(List.of("kept"), lines);
  }

  @Test
  void anOvertakenSubscriberIsToldOfItsLossAndGoesOn() {
    try (Petrel petrel = launch();
        Publication publication = petrel.publish(URI);
        Subscription slow = petrel.subscribe(URI + "&slow=drop", events)) {
      offer(publication, "first");
      assertEquals(1, slow.poll(handler, 1));
      int last = 0;
      while (last < 2_000) {
        assertTrue(offer(publication, "m" + last) > 0, "never waits for it");
        last++;
      }
      final int read = slow.poll(handler, 10_000);
      assertTrue(read > 10 && read < 200, "read " + read);
      assertEquals(List.of("up", "first", "loss"), lines.subList(0, 3));
      for (int i = 0; i < read; i++) {
        assertEquals("m" + (last - read + i), lines.get(3 + i));
      }
      offer(publication, "and on");
      assertEquals(1, slow.poll(handler, 10));
    }
  }

  @Test
  void anAbortedClaimIsPassedOver() {
    final Claim claim = new Claim();
    try (Petrel petrel = launch();
        Publication publication = petrel.publish(URI);
        Subscription subscription = petrel.subscribe(URI)) {
      assertTrue(publication.tryClaim(100, claim) > 0);
      claim.abort();
      offer(publication, "next");
      assertEquals(1, subscription.poll(handler, 10));
    }
    assertEquals(List.of("next"), lines);
  }

  @Test
  void aForgottenClaimIsSkippedAfterItsTimeout() {
    final Claim claim = new Claim();
    try (Petrel petrel = launch();
        Publication publication = petrel.publish(URI + "&claim-timeout=10ms");
        Subscription subscription = petrel.subscribe(URI + "&claim-timeout=10ms")) {
      assertTrue(publication.tryClaim(100, claim) > 0);
      offer(publication, "behind");
      while (subscription.poll(handler, 10) == 0) {
        petrel.work();
      }
      claim.commit();
      offer(publication, "and on");
      assertEquals(1, subscription.poll(handler, 10));
    }
    assertEquals(List.of("behind", "and on"), lines);
  }

  @Test
  void aMessageWhoseHandlerThrewIsConsumed() {
    try (Petrel petrel = launch();
        Publication publication = petrel.publish(URI);
        Subscription subscription = petrel.subscribe(URI)) {
      offer(publication, "a");
      offer(publication, "b");
      assertEquals(
          2,
          subscription.poll(
              (buffer, offset, length, header) -> {
                assertEquals(0, subscription.poll(handler, 1), "not from within");
                throw new IllegalStateException("thrown");
              },
              10));
      assertEquals(0, subscription.poll(handler, 10));
    }
    assertEquals(List.of("error thrown", "error thrown"), lines);
  }

  @Test
  void aControlledPollGoesOnAsTheHandlerSays() {
    try (Petrel petrel = launch();
        Publication publication = petrel.publish(URI);
        Subscription subscription = petrel.subscribe(URI)) {
      for (final String text : List.of("a", "b", "c", "d")) {
        offer(publication, text);
      }
      final Action[] actions = {Action.COMMIT, Action.ABORT, Action.CONTINUE, Action.BREAK};
      final int[] next = {0};
      assertEquals(
          1,
          subscription.controlledPoll((buffer, offset, length, header) -> actions[next[0]++], 10));
      assertEquals(
          2,
          subscription.controlledPoll(
              (buffer, offset, length, header) -> {
                lines.add(buffer.getStringWithoutLengthAscii(offset, length));
                return actions[next[0]++];
              },
              10));
      assertEquals(1, subscription.poll(handler, 10));
    }
    assertEquals(List.of("b", "c", "d"), lines);
  }

  @Test
  void theFileIsItsOwnersAloneWholeAndGoneWithTheLast() throws IOException {
    try (Petrel petrel = launch()) {
      final Publication publication = petrel.publish("ipc://orders?ring=64KiB&linger=0&stream=3");
      final Path file = files().get(0);
      assertEquals("orders-3.ipc", file.getFileName().toString());
      assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
      assertEquals(32 * 1024 + 64 * 1024, Files.size(file));
      assertTrue(blocks(file) * 512 >= Files.size(file), blocks(file) + " blocks");
      publication.close();
      while (!files().isEmpty()) {
        petrel.work();
      }
    }
  }

  private static long blocks(final Path file) throws IOException {
    // The JDK has no attribute for it; a sparse file would have none of its 192 blocks.
    final Process process =
        new ProcessBuilder("stat", "-c", "%b", file.toString()).redirectErrorStream(true).start();
    final String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return Long.parseLong(output.trim());
  }

  @Test
  void whoOpensLaterTakesTheRingAsItIs() {
    try (Petrel petrel = launch();
        Publication publication = petrel.publish("ipc://orders?ring=8KiB&linger=0");
        Publication other = petrel.publish("ipc://orders?ring=64KiB&linger=0")) {
      assertEquals(1024, publication.messageLimit());
      assertEquals(1024, other.messageLimit());
    }
  }

  @Test
  void refusesAForeignFileByName() throws IOException {
    final Path file = directory.resolve("orders-0.ipc");
    Files.write(file, new byte[100_000]);
    try (Petrel petrel = launch()) {
      final PetrelException error = assertThrows(PetrelException.class, () -> petrel.publish(URI));
      assertTrue(String.valueOf(error.getMessage()).contains(file.toString()), error::getMessage);
      Files.write(file, new byte[10]);
      assertThrows(PetrelException.class, () -> petrel.subscribe(URI));
    }
    assertEquals(10, Files.size(file));
  }

  @Test
  void limitsWhoTakesPart() {
    try (Petrel petrel = launch()) {
      for (int i = 0; i < 64; i++) {
        petrel.publish(URI);
        petrel.subscribe(URI);
      }
      assertThrows(PetrelException.class, () -> petrel.publish(URI));
      assertThrows(PetrelException.class, () -> petrel.subscribe(URI));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ipc://",
        "ipc://a:1",
        "ipc://a/b",
        "ipc:a",
        "ipc://a?ring=5000",
        "ipc://a?slow=never",
        "ipc://a?slo=drop",
        "ipc://a?stream=-1"
      })
  void refusesWhatIsNoRing(final String uri) {
    try (Petrel petrel = launch()) {
      assertThrows(ConfigurationException.class, () -> petrel.publish(uri));
    }
  }

  @Test
  void whatAGracefulCloseAcceptedIsDelivered() {
    try (Petrel petrel = launch();
        Petrel other = launch()) {
      final Publication publication = petrel.publish("ipc://orders?ring=4KiB&linger=60m");
      offer(publication, "last words");
      publication.close();
      petrel.work();
      try (Subscription subscription = other.subscribe(URI, events)) {
        while (lines.size() < 3) {
          petrel.work();
          other.work();
          subscription.poll(handler, 10);
        }
      }
    }
    assertEquals(List.of("up", "last words", "down CLOSED_BY_PEER"), lines);
  }
}
