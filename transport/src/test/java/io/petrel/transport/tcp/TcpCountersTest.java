package io.petrel.transport.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.transport.Context;
import io.petrel.transport.Petrel;
import io.petrel.transport.Publication;
import io.petrel.transport.Subscription;
import io.petrel.transport.Threading;
import io.petrel.transport.metrics.CountersReader;
import io.petrel.transport.metrics.MetricsDirectory;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an engine says of its connections to who reads its metrics file. */
final class TcpCountersTest {
  private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(60);
  private static final int LENGTH = 1_000;

  @TempDir private Path dir;

  @Test
  void countsConnectionsAndBytesOfBothEnds() {
    try (Petrel petrel =
        Petrel.launch(new Context().threading(Threading.INVOKER).set("dir", dir.toString()))) {
      Subscription subscription = petrel.subscribe("tcp://127.0.0.1:0");
      InetSocketAddress address = (InetSocketAddress) subscription.localAddress();
      Publication publication =
          petrel.publish("tcp://127.0.0.1:" + (address == null ? 0 : address.getPort()));
      UnsafeBuffer message = new UnsafeBuffer(new byte[LENGTH]);
      boolean offered = false;
      int received = 0;
      long startNs = System.nanoTime();
      while (received == 0) {
        offered = offered || publication.offer(message, 0, LENGTH) > 0;
        received = subscription.poll((buffer, offset, length, header) -> {}, 1);
        assertTrue(System.nanoTime() - startNs < DEADLINE_NS, "nothing came");
      }
      assertEquals(2, value("tcp connections made"), "dialled and accepted");
      assertEquals(0, value("tcp connections closed"));
      assertTrue(value("tcp bytes sent") >= LENGTH, "sent " + value("tcp bytes sent"));
      assertTrue(value("tcp bytes received") >= LENGTH, "got " + value("tcp bytes received"));
      subscription.close();
      while (value("tcp connections closed") < 2) {
        petrel.work();
        assertTrue(System.nanoTime() - startNs < 2 * DEADLINE_NS, "not closed");
      }
    }
  }

  private long value(String label) {
    return CountersReader.open(MetricsDirectory.files(dir).getFirst()).totals().stream()
        .filter(total -> total.label().equals(label))
        .findFirst()
        .orElseThrow()
        .value();
  }
}
