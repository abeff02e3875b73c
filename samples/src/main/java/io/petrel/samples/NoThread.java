package io.petrel.samples;

import io.petrel.samples.support.Patience;
import io.petrel.transport.Context;
import io.petrel.transport.Options;
import io.petrel.transport.Petrel;
import io.petrel.transport.Publication;
import io.petrel.transport.Subscription;
import io.petrel.transport.Threading;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.agrona.ExpandableArrayBuffer;

/**
 * Petrel inside an application that has a loop already: it starts no thread. {@code poll}, {@code
 * offer} and {@code work} take the engine's turns, on whichever thread calls them.
 */
public final class NoThread {
  private static final int MESSAGES = 10_000;
  private static final String ENGINE = "embedded-without-thread";

  private NoThread() {}

  /**
   * Runs it alone.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) {
    run(System.out);
  }

  static void run(PrintStream out) {
    Context context = new Context().set(Options.NAME, ENGINE).threading(Threading.INVOKER);
    try (Petrel petrel = Petrel.launch(context)) {
      Subscription in = petrel.subscribe("rudp://127.0.0.1:0");
      InetSocketAddress address = (InetSocketAddress) Objects.requireNonNull(in.localAddress());
      Publication to = petrel.publishExclusive("rudp://127.0.0.1:" + address.getPort());
      ExpandableArrayBuffer message = new ExpandableArrayBuffer(Long.BYTES);
      long[] received = {0};
      long sent = 0;
      long ownWork = 0;
      Patience patience = new Patience("a message");
      while (received[0] < MESSAGES) { // the application's loop
        message.putLong(0, sent);
        if (sent < MESSAGES && to.offer(message, 0, Long.BYTES) > 0) {
          sent++;
        }
        int work =
            in.poll(
                (buffer, offset, length, header) -> {
                  if (buffer.getLong(offset) != received[0]++) {
                    throw new IllegalStateException("message " + received[0] + " is another one");
                  }
                },
                16);
        ownWork++; // timers, files, a user interface
        patience.idle(work);
      }
      boolean started =
          Thread.getAllStackTraces().keySet().stream()
              .anyMatch(thread -> thread.getName().contains(ENGINE));
      out.printf(
          "%d messages in order within a loop that did its own work as well%s; threads started:"
              + " %s%n",
          received[0], ownWork > 0 ? "" : " (never)", started ? "some" : "none");
    }
  }
}
