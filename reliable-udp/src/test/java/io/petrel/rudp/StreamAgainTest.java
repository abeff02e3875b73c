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

/** A stream of a session is published, closed and published again in the same session. */
class StreamAgainTest {
  private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(120);
  private static final int TIMES = 4;
  private static final int POLL_LIMIT = 8;

  private final List<Session> accepted = new ArrayList<>();
  private final List<Integer> heard = new ArrayList<>();

  @Test
  void deliversEachTime() {
    try (Petrel server = Petrel.launch(new Context().threading(Threading.INVOKER));
        Petrel client = Petrel.launch(new Context().threading(Threading.INVOKER))) {
      var listener = server.listen("rudp://127.0.0.1:0", accepted::add);
      int port = ((InetSocketAddress) Objects.requireNonNull(listener.localAddress())).getPort();
      Session session = client.connect("rudp://127.0.0.1:" + port);
      Runnable turns =
          () -> {
            server.work();
            client.work();
          };
      until(turns, () -> accepted.size() == 1 && session.isConnected());
      Subscription subscription = accepted.getFirst().subscribe(1);
      UnsafeBuffer message = new UnsafeBuffer(new byte[8]);
      List<Integer> sent = new ArrayList<>();
      for (int i = 0; i < TIMES; i++) {
        Publication publication = publish(session, turns);
        message.putInt(0, i);
        sent.add(i);
        until(turns, () -> publication.offer(message, 0, 8) > 0);
        publication.close();
        until(
            () -> {
              turns.run();
              subscription.poll(
                  (buffer, offset, length, header) -> heard.add(buffer.getInt(offset)), POLL_LIMIT);
            },
            () -> heard.size() == sent.size());
        assertEquals(sent, heard);
      }
      session.close(); // before the engines: each would wait for the other, which nobody works then
      until(turns, () -> session.isClosed() && accepted.getFirst().isClosed());
    }
  }

  private static Publication publish(Session session, Runnable turns) {
    List<Publication> found = new ArrayList<>();
    until(
        turns,
        () -> {
          try {
            found.add(session.publish(1, true));
          } catch (IllegalStateException stillClosing) {
            return false;
          }
          return true;
        });
    return found.getFirst();
  }

  private static void until(Runnable turn, BooleanSupplier done) {
    long startNs = System.nanoTime();
    while (!done.getAsBoolean()) {
      assertTrue(System.nanoTime() - startNs < LIMIT_NS, "nothing in two minutes");
      turn.run();
    }
  }
}
