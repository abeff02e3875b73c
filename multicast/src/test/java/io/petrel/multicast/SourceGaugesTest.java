package io.petrel.multicast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.transport.Context;
import io.petrel.transport.Options;
import io.petrel.transport.Petrel;
import io.petrel.transport.Publication;
import io.petrel.transport.Subscription;
import io.petrel.transport.Threading;
import io.petrel.transport.metrics.CountersReader;
import io.petrel.transport.metrics.CountersReader.Total;
import io.petrel.transport.metrics.MetricsDirectory;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another process can read how each source comes in, over real groups on the loopback. */
class SourceGaugesTest {
  private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(60);

  @TempDir private Path hereDir;
  @TempDir private Path thereDir;

  private static Petrel launch(Path dir) {
    return Petrel.launch(
        new Context()
            .threading(Threading.INVOKER)
            .set("linger", "0")
            .set(Options.DIR, dir.toString()));
  }

  private static void await(BooleanSupplier reached) {
    long startNs = System.nanoTime();
    while (!reached.getAsBoolean()) {
      assertTrue(System.nanoTime() - startNs < LIMIT_NS, "waited too long");
    }
  }

  private static List<Total> named(CountersReader reader, String words) {
    return reader.totals().stream().filter(total -> total.label().contains(words)).toList();
  }

  private static long sum(CountersReader reader, String words) {
    return named(reader, words).stream().mapToLong(Total::value).sum();
  }

  @Test
  void aSourceIsShownWithWhatCameUntilItIsGone() {
    String uri = Groups.fresh() + "?interface=lo&fc=slowest&start=60s&patience=60s&exclude=1";
    UnsafeBuffer message = new UnsafeBuffer(new byte[100]);
    try (Petrel here = launch(hereDir);
        Petrel there = launch(thereDir)) {
      Subscription in = here.subscribe(uri);
      Publication out = there.publishExclusive(uri);
      CountersReader reader = CountersReader.open(MetricsDirectory.files(hereDir).getFirst());
      BooleanSupplier turn =
          () -> {
            out.offer(message, 0, 100);
            there.work();
            here.work();
            return in.poll((buffer, offset, length, header) -> {}, 64) >= 0;
          };
      await(() -> turn.getAsBoolean() && sum(reader, " received, bytes") >= 1_000);

      List<Total> window = named(reader, " window, bytes");
      assertEquals(1, window.size(), window.toString());
      assertTrue(window.getFirst().label().startsWith("mcast 127.0.0.1:"), window.toString());
      assertTrue(window.getFirst().value() > 0, window.toString());
      assertEquals(out.sessionId(), window.getFirst().key());
      assertTrue(named(reader, "segmentation offload").size() >= 2, "data and its own port");

      out.close();
      await(() -> {
        there.work();
        here.work();
        in.poll((buffer, offset, length, header) -> {}, 64);
        return named(reader, " window, bytes").isEmpty();
      });
    }
  }
}
