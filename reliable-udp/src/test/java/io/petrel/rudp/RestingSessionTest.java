package io.petrel.rudp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.transport.Context;
import io.petrel.transport.Petrel;
import io.petrel.transport.Publication;
import io.petrel.transport.Session;
import io.petrel.transport.Subscription;
import io.petrel.transport.Threading;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** An accepted session that nobody uses takes no turns, and is back with the first offer. */
class RestingSessionTest {
  private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(120);
  private static final int LENGTH = 100;
  private static final int POLL_LIMIT = 8;

  private final List<Session> accepted = new ArrayList<>();
  private long heard;

  @Test
  void comesBackWithTheFirstOffer() {
    try (Petrel server = Petrel.launch(new Context().threading(Threading.INVOKER));
        Petrel client = Petrel.launch(new Context().threading(Threading.INVOKER))) {
      RudpListener listener = (RudpListener) server.listen("rudp://127.0.0.1:0", accepted::add);
      int port = ((InetSocketAddress) listener.localAddress()).getPort();
      Session session = client.connect("rudp://127.0.0.1:" + port);
      Runnable turns =
          () -> {
            server.work();
            client.work();
          };
      until(turns, () -> accepted.size() == 1 && session.isConnected());
      Publication publication = accepted.getFirst().publish(1, false);
      Subscription subscription = session.subscribe(1);
      UnsafeBuffer message = new UnsafeBuffer(new byte[LENGTH]);
      for (int round = 1; round <= 2; round++) {
        until(turns, () -> listener.activeCount() == 0);
        assertTrue(publication.offer(message, 0, LENGTH) > 0);
        assertEquals(1, listener.activeCount(), "not woken by the offer");
        int wanted = round;
        until(
            () -> {
              turns.run();
              subscription.poll((buffer, offset, length, header) -> heard++, POLL_LIMIT);
            },
            () -> heard == wanted);
      }
      until(turns, () -> listener.activeCount() == 0);
      Session one = Objects.requireNonNull(accepted.getFirst());
      one.close();
      until(turns, () -> listener.sessionCount() == 0);
    }
  }

  private static void until(Runnable turn, BooleanSupplier done) {
    long startNs = System.nanoTime();
    while (!done.getAsBoolean()) {
      assertTrue(System.nanoTime() - startNs < LIMIT_NS, "nothing in two minutes");
      turn.run();
    }
  }
}
