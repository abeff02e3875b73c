package io.petrel.rudp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.transport.Context;
import io.petrel.transport.Options;
import io.petrel.transport.Petrel;
import io.petrel.transport.Publication;
import io.petrel.transport.Subscription;
import io.petrel.transport.Threading;
import io.petrel.transport.datagram.PortGauges;
import io.petrel.transport.metrics.CountersReader;
import io.petrel.transport.metrics.CountersReader.Total;
import io.petrel.transport.metrics.MetricsDirectory;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another process can read how each session is. */
final class SessionGaugesTest {
  private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(60);

  @TempDir private Path hereDir;
  @TempDir private Path thereDir;

  private static Petrel launch(Path dir) {
    return Petrel.launch(
        new Context().threading(Threading.INVOKER).set(Options.DIR, dir.toString()));
  }

  @Test
  void aSessionIsShownByItsPeerUntilItEnds() {
    try (Petrel here = launch(hereDir);
        Petrel there = launch(thereDir)) {
      Subscription in = there.subscribe("rudp://127.0.0.1:0");
      int port = ((InetSocketAddress) Objects.requireNonNull(in.localAddress())).getPort();
      Publication out = here.publishExclusive("rudp://127.0.0.1:" + port);
      UnsafeBuffer message = new UnsafeBuffer(new byte[100]);
      CountersReader reader = CountersReader.open(MetricsDirectory.files(hereDir).getFirst());
      String peer = "rudp 127.0.0.1:" + port + " ";
      long startNs = System.nanoTime();
      await(
          startNs,
          reader,
          () -> {
            out.offer(message);
            in.poll((buffer, offset, length, header) -> {}, 64);
          },
          totals ->
              value(totals, peer + "round trip, ns") > 0
                  && value(totals, peer + "window, bytes") > 0
                  && value(totals, peer + "datagrams sent") > 1);
      List<Total> shown = named(reader.totals(), peer);
      assertEquals(SessionGauges.Gauge.values().length, shown.size(), shown.toString());
      List<Total> ports = named(reader.totals(), "port ");
      assertEquals(PortGauges.Gauge.values().length, ports.size(), ports.toString());
      assertEquals(1, shown.stream().map(Total::key).distinct().count(), shown.toString());

      out.close();
      await(
          System.nanoTime(),
          reader,
          () -> {
            here.work();
            in.poll((buffer, offset, length, header) -> {}, 64);
          },
          totals -> named(totals, peer).isEmpty());
    }
  }

  private static void await(
      long startNs, CountersReader reader, Runnable turn, Predicate<List<Total>> reached) {
    while (!reached.test(reader.totals())) {
      assertTrue(System.nanoTime() - startNs < LIMIT_NS, reader.totals().toString());
      turn.run();
    }
  }

  private static List<Total> named(List<Total> totals, String prefix) {
    return totals.stream().filter(total -> total.label().startsWith(prefix)).toList();
  }

  private static long value(List<Total> totals, String label) {
    return named(totals, label).stream().mapToLong(Total::value).sum();
  }
}
