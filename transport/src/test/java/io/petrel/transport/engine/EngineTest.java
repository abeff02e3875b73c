package io.petrel.transport.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.transport.Context;
import io.petrel.transport.Listener;
import io.petrel.transport.Petrel;
import io.petrel.transport.PetrelException;
import io.petrel.transport.Publication;
import io.petrel.transport.Session;
import io.petrel.transport.SessionEvents;
import io.petrel.transport.SessionInfo;
import io.petrel.transport.Subscription;
import io.petrel.transport.Threading;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What handlers may do in the middle of things, and what happens to who waits for a turn. */
@ParameterizedClass
@EnumSource(Threading.class)
class EngineTest {
  private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(30);

  private final List<Throwable> errors = new CopyOnWriteArrayList<>();
  private final UnsafeBuffer message = new UnsafeBuffer(new byte[16]);
  private final Threading threading;
  private final Petrel petrel;

  EngineTest(Threading threading) {
    this.threading = threading;
    petrel = Petrel.launch(context());
  }

  private Context context() {
    return new Context()
        .threading(threading)
        .set("linger", "100ms")
        .set("control-timeout", "200ms")
        .errorHandler(errors::add);
  }

  @AfterEach
  void close() {
    petrel.close();
  }

  private static String uri(Subscription subscription) {
    InetSocketAddress address = (InetSocketAddress) subscription.localAddress();
    return "tcp://127.0.0.1:" + (address == null ? 0 : address.getPort());
  }

  private void await(BooleanSupplier condition) {
    long startNs = System.nanoTime();
    while (!condition.getAsBoolean()) {
      petrel.work();
      assertTrue(System.nanoTime() - startNs < DEADLINE_NS, "waited too long; " + errors);
    }
  }

  @Test
  void handlersMayOfferPollWorkAndPublish() {
    Subscription subscription = petrel.subscribe("tcp://127.0.0.1:0");
    Publication publication = petrel.publish(uri(subscription));
    await(publication::isConnected);
    List<Long> seen = new ArrayList<>();
    List<Publication> opened = new ArrayList<>();
    publication.offer(message, 0, 16);
    await(() -> {
      subscription.poll(
          (buffer, offset, length, header) -> {
            seen.add(header.position());
            petrel.work();
            assertEquals(0, subscription.poll((b, o, l, h) -> seen.add(-1L), 10));
            if (seen.size() < 10) {
              assertTrue(publication.offer(buffer, offset, length) > 0);
            }
            opened.add(petrel.publish(uri(subscription) + "?stream=" + seen.size()));
          },
          1);
      return seen.size() >= 10;
    });
    assertFalse(seen.contains(-1L), "a poll within a handler reads nothing");
    opened.forEach(each -> await(each::isConnected));
    assertEquals(List.of(), errors);
  }

  @Test
  void sessionHandlersMayDoEverything() {
    List<Session> accepted = new CopyOnWriteArrayList<>();
    List<Publication> published = new CopyOnWriteArrayList<>();
    Listener listener =
        petrel.listen(
            "tcp://127.0.0.1:0",
            session -> {
              Publication answer = session.publish(1);
              answer.offer(message, 0, 16);
              petrel.work();
              published.add(petrel.publish("tcp://127.0.0.1:9"));
              published.add(answer);
              accepted.add(session);
            });
    int port = ((InetSocketAddress) listener.localAddress()).getPort();
    Session session = petrel.connect("tcp://127.0.0.1:" + port);
    Subscription answers = session.subscribe(1);
    List<Integer> lengths = new ArrayList<>();
    await(() -> {
      answers.poll((buffer, offset, length, header) -> lengths.add(length), 10);
      return !lengths.isEmpty();
    });
    assertEquals(List.of(16), lengths);
    assertEquals(1, accepted.size());
    assertEquals(2, published.size());
    assertTrue(published.getLast().isConnected());
    assertEquals(List.of(), errors);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aHandlerMayCloseThePetrelItRunsIn(boolean withinATurn) {
    Petrel closing = Petrel.launch(context());
    Subscription subscription =
        closing.subscribe(
            "tcp://127.0.0.1:0",
            new SessionEvents() {
              @Override
              public void onSessionUp(SessionInfo session) {
                if (!withinATurn) {
                  closing.close();
                }
              }
            });
    Listener listener = closing.listen("tcp://127.0.0.1:0", session -> closing.close());
    int port = ((InetSocketAddress) listener.localAddress()).getPort();
    Publication publication = petrel.publish(uri(subscription));
    Session session = withinATurn ? petrel.connect("tcp://127.0.0.1:" + port) : null;
    await(() -> {
      subscription.poll((buffer, offset, length, header) -> {}, 1);
      closing.work();
      return closing.isClosed();
    });
    closing.close();
    await(() -> !publication.isConnected());
    assertTrue(session == null || !session.isClosed() || session.endReason() != null);
    assertEquals(List.of(), errors);
  }

  @Test
  void whoWaitsForATurnIsToldWhenNoneComes() throws Exception {
    CountDownLatch within = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Listener listener =
        petrel.listen(
            "tcp://127.0.0.1:0",
            session -> {
              within.countDown();
              try {
                release.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    int port = ((InetSocketAddress) listener.localAddress()).getPort();
    petrel.connect("tcp://127.0.0.1:" + port);
    Thread turning =
        new Thread(() -> {
          while (within.getCount() > 0) {
            petrel.work();
          }
        });
    turning.start();
    within.await();
    PetrelException refusal =
        assertThrows(PetrelException.class, () -> petrel.publish("tcp://127.0.0.1:9"));
    assertTrue(refusal.toString().contains("control-timeout"), refusal.toString());
    release.countDown();
    turning.join();
  }

  @Test
  void refusesAPortInUseAndAnAddressThatIsNotOurs() {
    Subscription subscription = petrel.subscribe("tcp://127.0.0.1:0");
    Petrel other = Petrel.launch(context());
    try {
      String taken = uri(subscription);
      PetrelException refusal = assertThrows(PetrelException.class, () -> other.subscribe(taken));
      assertTrue(refusal.toString().contains(taken), refusal.toString());
      assertThrows(PetrelException.class, () -> other.listen(taken, session -> {}));
      assertThrows(PetrelException.class, () -> other.subscribe("tcp://192.0.2.1:0"));
    } finally {
      other.close();
    }
  }
}
