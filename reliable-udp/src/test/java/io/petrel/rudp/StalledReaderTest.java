package io.petrel.rudp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.transport.Context;
import io.petrel.transport.Petrel;
import io.petrel.transport.Publication;
import io.petrel.transport.Subscription;
import io.petrel.transport.Threading;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Real sockets: two publications share a session, and one of their readers does not read. */
class StalledReaderTest {
  private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(120);
  private static final int MESSAGES = 20_000;
  private static final int LENGTH = 256;

  @Test
  void stopsHisOwnStreamOnlyAndFindsAllThereLater() {
    Context context = new Context().threading(Threading.INVOKER);
    try (Petrel server = Petrel.launch(context);
        Petrel client = Petrel.launch(new Context().threading(Threading.INVOKER));
        Subscription stalled = server.subscribe("rudp://127.0.0.1:0?stream=1&ring=64KiB")) {
      InetSocketAddress address =
          (InetSocketAddress) Objects.requireNonNull(stalled.localAddress());
      String uri = "rudp://127.0.0.1:" + address.getPort() + "?ring=64KiB&stream=";
      try (Subscription read = server.subscribe(uri + 2);
          Publication first = client.publish(uri + 1);
          Publication second = client.publish(uri + 2)) {
        UnsafeBuffer message = new UnsafeBuffer(new byte[LENGTH]);
        long[] offered = new long[2];
        long[] received = new long[2];
        long startNs = System.nanoTime();
        while (received[0] < MESSAGES || received[1] < offered[0]) {
          offer(first, message, offered, 0);
          offer(second, message, offered, 1);
          client.work();
          server.work();
          poll(read, received, 0);
          if (received[0] == MESSAGES) {
            assertTrue(received[1] > 0 || offered[0] < MESSAGES, "a ring holds less than all");
            poll(stalled, received, 1);
          }
          assertTrue(
              System.nanoTime() - startNs < DEADLINE_NS,
              () -> received[0] + " and " + received[1] + " messages came");
        }
        assertEquals(MESSAGES, received[0]);
        assertEquals(offered[0], received[1]);
        assertEquals(1, read.sessionCount());
      }
    }
  }

  private static void offer(
      Publication publication, UnsafeBuffer message, long[] offered, int index) {
    message.putLong(0, offered[index]);
    if (offered[index] < MESSAGES && publication.offer(message, 0, LENGTH) > 0) {
      offered[index]++;
    }
  }

  private static void poll(Subscription subscription, long[] received, int index) {
    subscription.poll(
        (buffer, offset, length, header) ->
            assertEquals(received[index]++, buffer.getLong(offset), "on stream " + (index + 1)),
        64);
  }
}
