package io.petrel.transport.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.transport.ConfigurationException;
import io.petrel.transport.EndReason;
import io.petrel.transport.Listener;
import io.petrel.transport.Petrel;
import io.petrel.transport.Publication;
import io.petrel.transport.Session;
import io.petrel.transport.SessionEvents;
import io.petrel.transport.SessionHandler;
import io.petrel.transport.Subscription;
import io.petrel.transport.Threading;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sessions come and go, and each side is told what it must know. */
abstract class SessionCases extends DataCases {
  SessionCases(TransportUnderTest transport, Threading threading) {
    super(transport, threading);
  }

  @Test
  void tellsOfSessionsInOrderWithTheData() {
    Recorder recorder = new Recorder();
    Subscription subscription = subscribe("", recorder);
    Publication publication = publish(subscription, "", false);
    long position = 0;
    for (int i = 0; i < 10; i++) {
      position = offer(publication, 0, i, 16, () -> {});
    }
    publication.close();
    await(
        "the end of the session",
        () -> {
          subscription.poll(
              (buffer, offset, length, header) ->
                  recorder.events.add("message " + Messages.number(buffer, offset)),
              3);
          return recorder.events.size() >= 12;
        });
    List<String> told = new ArrayList<>(List.of("up"));
    for (int i = 0; i < 10; i++) {
      told.add("message " + i);
    }
    told.add("down CLOSED_BY_PEER");
    assertEquals(told, recorder.events);
    assertEquals(position, recorder.downPosition);
    assertEquals(0, subscription.sessionCount());
    assertEquals(Publication.CLOSED, publication.offer(message, 0, 8));
    assertTrue(publication.isClosed());
  }

  @Test
  void connectsToALateSubscriber() {
    Subscription early = subscribe("");
    String uri = transport().uriOf(early, "");
    early.close();
    Publication publication = left.publish(uri);
    for (int i = 0; i < 100; i++) {
      assertEquals(Publication.NOT_CONNECTED, publication.offer(message, 0, 8));
    }
    assertFalse(publication.isConnected());
    Subscription late = subscribeAgain(uri, new SessionEvents() {});
    long position = offer(publication, 0, 7, 8, () -> {});
    receive(late, (buffer, offset, length, header) -> assertEquals(position, header.position()), 1);
    assertEquals(List.of(), errors);
  }

  /**
   * Until the place of the one before is free again; what a refusal left in the log is no error.
   */
  private Subscription subscribeAgain(String uri, SessionEvents events) {
    assertEquals(List.of(), errors);
    List<Subscription> opened = new ArrayList<>();
    await(
        "the place of " + uri,
        () -> {
          try {
            opened.add(right.subscribe(uri, events));
            return true;
          } catch (RuntimeException e) {
            errors.clear();
            return false;
          }
        });
    return opened.getFirst();
  }

  @Test
  void reconnectsAndGivesBackWhatWasNotAcknowledged() {
    Subscription first = subscribe("");
    String uri = transport().uriOf(first, "");
    Publication publication = publish(first, "", true);
    long position = offer(publication, 0, 0, 40, () -> {});
    await("acknowledgement", () -> publication.acknowledgedPosition() == position);
    receive(first, (buffer, offset, length, header) -> {}, 1);
    long firstSession = publication.sessionId();
    first.close();
    await("the loss of the session", () -> !publication.isConnected());
    assertEquals(EndReason.CLOSED_BY_PEER, publication.endReason());
    Recorder recorder = new Recorder();
    Subscription second = subscribeAgain(uri, recorder);
    await("another session", publication::isConnected);
    assertEquals(Publication.SESSION_LOST, publication.offer(message, 0, 8), "told once");
    List<Long> unacknowledged = new ArrayList<>();
    int count =
        publication.unacknowledged(
            (buffer, offset, length, header) -> unacknowledged.add(header.position()));
    assertEquals(List.of(), unacknowledged, "the peer had it all");
    assertEquals(0, count);
    long again = offer(publication, 0, 1, 40, () -> {});
    assertEquals(position, again, "a new session begins at 0");
    receive(
        second,
        (buffer, offset, length, header) -> Messages.verify(buffer, offset, length, 0, 1, 40),
        1);
    assertNotEquals(firstSession, publication.sessionId());
    assertEquals(List.of("up"), recorder.events);
    assertEquals(List.of(), errors);
  }

  @Test
  void deliversWhatAGracefulCloseHadAccepted() {
    Recorder recorder = new Recorder();
    Subscription subscription = subscribe(SMALL_RING, recorder);
    Publication publication = publish(subscription, SMALL_RING, false);
    int accepted = 0;
    while (publication.offer(message, 0, 100) > 0 && accepted < 10_000) {
      accepted++;
    }
    assertTrue(accepted > 50, "the ring took " + accepted);
    try (Workers workers = new Workers()) {
      workers.start(left::close);
      int[] received = {0};
      await(
          "the end of the session",
          () -> {
            subscription.poll((buffer, offset, length, header) -> received[0]++, 4);
            return recorder.events.size() == 2;
          });
      assertEquals(accepted, received[0]);
    }
    assertEquals(List.of("up", "down CLOSED_BY_PEER"), recorder.events);
    assertEquals(Publication.CLOSED, publication.offer(message, 0, 8));
    assertThrows(IllegalStateException.class, () -> left.publish("tcp://127.0.0.1:1"));
  }

  @Test
  void keepsTheOrderOfEachOfSeveralPublishers() {
    Subscription subscription = subscribe("");
    Petrel third = launch();
    List<Publication> publications =
        List.of(
            publish(subscription, "", false),
            third.publish(transport().uriOf(subscription, "")),
            third.publish(transport().uriOf(subscription, "")));
    publications.forEach(each -> await("connection", each::isConnected));
    long[] next = new long[publications.size()];
    int count = 1_000;
    for (int i = 0; i < count; i++) {
      for (int sender = 0; sender < next.length; sender++) {
        offer(publications.get(sender), sender, i, 64, () -> {});
      }
    }
    receive(
        subscription,
        (buffer, offset, length, header) -> {
          int sender = Messages.sender(buffer, offset);
          Messages.verify(buffer, offset, length, sender, next[sender]++, 64);
        },
        (long) count * next.length);
    assertEquals(List.of(), errors);
    for (long messages : next) {
      assertEquals(count, messages);
    }
  }

  @Test
  void letsTwoServicesAnswerEachOther() {
    Subscription requests = subscribe("");
    Subscription answers = left.subscribe(transport().freshUri(""));
    Publication request = publish(requests, "", true);
    Publication answer = right.publishExclusive(transport().uriOf(answers, ""));
    await("the way back", answer::isConnected);
    long[] last = {-1};
    for (int round = 0; round < 5_000; round++) {
      int current = round;
      offer(request, 1, round, 64, () -> {});
      await(
          "answer " + round,
          () -> {
            requests.poll(
                (buffer, offset, length, header) -> answer.offer(buffer, offset, length), 1);
            answers.poll(
                (buffer, offset, length, header) -> {
                  Messages.verify(buffer, offset, length, 1, current, 64);
                  last[0] = current;
                },
                1);
            return last[0] == current || !errors.isEmpty();
          });
    }
    assertEquals(List.of(), errors);
  }

  @Test
  void carriesStreamsBothWaysInOneSession() {
    List<Session> accepted = new ArrayList<>();
    List<Subscription> subscriptions = new ArrayList<>();
    Recorder recorder = new Recorder();
    Listener listener =
        right.listen(
            transport().freshUri(SMALL_RING),
            session -> {
              subscriptions.add(session.subscribe(3, recorder));
              subscriptions.add(session.subscribe(4));
              accepted.add(session);
            });
    Session session = left.connect(transport().uriOf(listener, SMALL_RING));
    Publication third = session.publish(3);
    Publication fourth = session.publish(4, true);
    Subscription back = session.subscribe(3);
    await("both streams", () -> third.isConnected() && fourth.isConnected());
    assertEquals(1, listener.sessionCount());
    assertTrue(session.isConnected());

    int stalled = 0;
    while (stalled < 20_000 && fourth.offer(message, 0, 500) != Publication.BACK_PRESSURED) {
      stalled++;
    }
    for (int i = 0; i < 2_000; i++) {
      int current = i;
      offer(third, 0, i, 100, () -> {});
      receive(
          subscriptions.get(0),
          (buffer, offset, length, header) ->
              Messages.verify(buffer, offset, length, 0, current, 100),
          1);
    }
    Publication answer = accepted.getFirst().publish(3);
    await("the way back", answer::isConnected);
    offer(answer, 5, 1, 64, () -> {});
    receive(
        back,
        (buffer, offset, length, header) -> Messages.verify(buffer, offset, length, 5, 1, 64),
        1);
    receive(subscriptions.get(1), (buffer, offset, length, header) -> {}, stalled);

    session.close();
    await(
        "the end of the session",
        () -> {
          subscriptions.forEach(each -> each.poll((buffer, offset, length, header) -> {}, 10));
          return accepted.getFirst().isClosed() && recorder.events.size() == 2;
        });
    assertEquals(List.of("up", "down CLOSED_BY_PEER"), recorder.events);
    assertEquals(EndReason.CLOSED_BY_PEER, accepted.getFirst().endReason());
    await("an empty listener", () -> listener.sessionCount() == 0);
    assertEquals(List.of(), errors);
  }

  @Test
  void keepsWhatAnEndedSessionDeliveredUntilItIsRead() {
    List<Session> accepted = new ArrayList<>();
    List<Subscription> subscriptions = new ArrayList<>();
    Recorder recorder = new Recorder();
    Listener listener =
        right.listen(
            transport().freshUri(SMALL_RING),
            session -> {
              subscriptions.add(session.subscribe(3, recorder));
              accepted.add(session);
            });
    Session session = left.connect(transport().uriOf(listener, SMALL_RING));
    Publication publication = session.publish(3);
    await("the stream", () -> publication.isConnected() && !accepted.isEmpty());
    for (int i = 0; i < 20; i++) {
      offer(publication, 0, i, 100, () -> {});
    }
    session.close();
    await("the end of the session", () -> accepted.getFirst().isClosed());

    await(
        "the end of the stream",
        () -> {
          subscriptions
              .getFirst()
              .poll(
                  (buffer, offset, length, header) ->
                      recorder.events.add("message " + Messages.number(buffer, offset)),
                  3);
          return recorder.events.size() >= 22;
        });
    List<String> told = new ArrayList<>(List.of("up"));
    for (int i = 0; i < 20; i++) {
      told.add("message " + i);
    }
    told.add("down CLOSED_BY_PEER");
    assertEquals(told, recorder.events);
    assertEquals(List.of(), errors);
  }

  @Test
  void letsInOnlyWhomTheFilterAccepts() {
    List<SocketAddress> asked = new ArrayList<>();
    Listener listener =
        right.listen(
            transport().freshUri(""),
            new SessionHandler() {
              @Override
              public boolean accept(SocketAddress remoteAddress) {
                asked.add(remoteAddress);
                return false;
              }

              @Override
              public void onSession(Session session) {
                throw new AssertionError("a refused session was opened");
              }
            });
    Session session = left.connect(transport().uriOf(listener, ""));
    await("the refusal", () -> session.endReason() != null);
    assertEquals(EndReason.REFUSED, session.endReason());
    assertFalse(session.isConnected());
    assertFalse(asked.isEmpty());
    await("one word to the application", () -> errors.size() == 1);
    assertTrue(errors.getFirst().toString().contains("filter"), errors.toString());
  }

  @Test
  void boundsTheSessionsItAccepts() {
    Subscription subscription = subscribe("sessions=2");
    publish(subscription, "", false);
    Petrel third = launch();
    Publication second = third.publish(transport().uriOf(subscription, ""));
    await("the second session", second::isConnected);
    Publication tooMany = third.publish(transport().uriOf(subscription, ""));
    await("a refusal", () -> tooMany.endReason() != null || !errors.isEmpty());
    assertFalse(tooMany.isConnected());
    assertEquals(Publication.NOT_CONNECTED, tooMany.offer(message, 0, 8));
  }

  @Test
  void refusesWhatIsWrongByNameAndSaysWhatWouldBeRight() {
    String uri = transport().freshUri("");
    refused(uri, "rign=64KiB", "rign", "did you mean 'ring'?");
    refused(uri, "ring=65KiB", "ring", "65KiB", "a power of two", "131072");
    refused(uri, "ring=64Kib2", "ring", "64Kib2", "units");
    refused(uri, "ring=1KiB", "ring", "1KiB", "from 4KiB to 1GiB");
    refused(uri, "linger=3", "linger", "'3'", "duration");
    refused(uri, "stream=-1", "stream", "-1", "from 0 to 2147483647");
    refused(uri, "ring=64KiB&ring=64KiB", "ring", "twice");
    refused(uri, "ring", "option=value");
    ConfigurationException scheme =
        assertThrows(
            ConfigurationException.class,
            () -> left.publish(transport().scheme() + "x://127.0.0.1:9000"));
    assertTrue(
        scheme.toString().contains("did you mean '" + transport().scheme() + "'?"),
        scheme.getMessage());
  }

  private void refused(String uri, String query, String... words) {
    ConfigurationException refusal =
        assertThrows(ConfigurationException.class, () -> right.subscribe(uri + "?" + query), query);
    for (String word : words) {
      assertTrue(refusal.toString().contains(word), word + " in: " + refusal.getMessage());
    }
  }
}
