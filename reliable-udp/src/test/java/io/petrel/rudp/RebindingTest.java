package io.petrel.rudp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.rudp.endpoint.Totals.Total;
import io.petrel.transport.Context;
import io.petrel.transport.Petrel;
import io.petrel.transport.Publication;
import io.petrel.transport.Subscription;
import io.petrel.transport.Threading;
import io.petrel.transport.metrics.CountersReader;
import io.petrel.transport.metrics.MetricsDirectory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real sockets, and a relay between them that forgets its mapping under load, as NATs do. */
class RebindingTest {
  private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(120);
  private static final int MESSAGES_A_MOVE = 5_000;
  private static final int LENGTH = 256;
  private static final int MOVES = 4;

  @TempDir private Path dir;

  private final UnsafeBuffer message = new UnsafeBuffer(new byte[LENGTH]);
  private final List<String> wrong = new ArrayList<>();
  private long next;

  @Test
  void aBusySessionSurvivesRebindingWithoutLossAndGetsItsOwnSocketBack() throws IOException {
    try (Petrel server = launch(dir.resolve("server"));
        Petrel client = launch(dir.resolve("client"));
        Subscription subscription = server.subscribe("rudp://127.0.0.1:0?stream=1");
        RebindingRelay relay = new RebindingRelay(addressOf(subscription));
        Publication publication =
            client.publish(
                "rudp://127.0.0.1:" + relay.port() + "?stream=1&window=64KiB&cc=fixed")) {
      CountersReader counters =
          CountersReader.open(MetricsDirectory.files(dir.resolve("server")).getFirst());
      long offered = 0;
      int moves = 0;
      long movedAt = 0;
      long startNs = System.nanoTime();
      while (moves < MOVES || next < offered) {
        boolean more = moves < MOVES || next - movedAt < MESSAGES_A_MOVE;
        for (int i = 0; i < 100 && more; i++) {
          message.putLong(0, offered);
          if (publication.offer(message, 0, LENGTH) < 0) {
            break;
          }
          offered++;
        }
        turn(server, client, relay, subscription);
        boolean followed = total(counters, Total.PATH_VALIDATIONS) == moves;
        if (moves < MOVES && followed && next - movedAt > MESSAGES_A_MOVE) {
          moves++;
          movedAt = next;
          relay.rebind(moves == 2 ? "127.0.0.2" : "127.0.0.1");
        }
        assertTrue(
            System.nanoTime() - startNs < DEADLINE_NS,
            () -> next + " messages came; " + counted(counters));
      }
      while (total(counters, Total.PATH_VALIDATIONS) < MOVES
          || total(counters, Total.PROMOTED) != 1) {
        turn(server, client, relay, subscription);
        assertTrue(System.nanoTime() - startNs < DEADLINE_NS, () -> counted(counters).toString());
      }
      assertEquals(List.of(), wrong);
      assertEquals(MOVES, moves);
      assertEquals(MOVES, total(counters, Total.ADDRESS_CHANGES));
      assertEquals(0, total(counters, Total.PATH_RETURNS));
      assertEquals(1, total(counters, Total.ACCEPTED));
    }
  }

  private void turn(Petrel server, Petrel client, RebindingRelay relay, Subscription subscription)
      throws IOException {
    client.work();
    relay.work();
    server.work();
    subscription.poll(
        (buffer, offset, length, header) -> {
          if (buffer.getLong(offset) != next || length != LENGTH) {
            wrong.add(buffer.getLong(offset) + " where " + next + " is due");
          }
          next++;
        },
        64);
    relay.work();
  }

  private static InetSocketAddress addressOf(Subscription subscription) {
    return (InetSocketAddress) Objects.requireNonNull(subscription.localAddress());
  }

  private static List<String> counted(CountersReader counters) {
    return counters.totals().stream()
        .filter(total -> total.value() != 0)
        .map(total -> total.label() + " " + total.value())
        .toList();
  }

  private static long total(CountersReader counters, Total total) {
    return counters.total("rudp " + total.label());
  }

  private static Petrel launch(Path dir) {
    return Petrel.launch(new Context().threading(Threading.INVOKER).set("dir", dir.toString()));
  }
}
