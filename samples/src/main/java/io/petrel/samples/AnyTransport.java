package io.petrel.samples;

import io.petrel.samples.support.Patience;
import io.petrel.transport.Petrel;
import io.petrel.transport.Publication;
import io.petrel.transport.Subscription;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.util.Locale;
import org.agrona.ExpandableArrayBuffer;

/** One program, four transports: what differs is the URI, and how long it takes. */
public final class AnyTransport {
  private static final int MESSAGES = 50_000;
  private static final int LENGTH = 64;

  private AnyTransport() {}

  /**
   * Runs it alone.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) {
    run(System.out);
  }

  static void run(PrintStream out) {
    for (String uri :
        new String[] {
          "rudp://127.0.0.1:0",
          "tcp://127.0.0.1:0",
          "ipc://any-transport-" + ProcessHandle.current().pid(),
          "aeron:udp?endpoint=127.0.0.1:0"
        }) {
      exchange(uri, out);
    }
  }

  /** Knows nothing of transports. */
  private static void exchange(String uri, PrintStream out) {
    try (Petrel here = Petrel.launch();
        Petrel there = Petrel.launch();
        Subscription in = there.subscribe(uri);
        Publication to = here.publishExclusive(reachable(uri, in))) {
      ExpandableArrayBuffer message = new ExpandableArrayBuffer(LENGTH);
      long[] received = {0};
      long sent = 0;
      Patience patience = new Patience("a message by " + uri);
      long startNs = System.nanoTime();
      while (received[0] < MESSAGES) {
        int work = 0;
        message.putLong(0, sent);
        while (sent < MESSAGES && work < 64 && to.offer(message, 0, LENGTH) > 0) {
          message.putLong(0, ++sent);
          work++;
        }
        work +=
            in.poll(
                (buffer, offset, length, header) -> {
                  if (buffer.getLong(offset) != received[0]++ || length != LENGTH) {
                    throw new IllegalStateException("message " + received[0] + " is another one");
                  }
                },
                256);
        patience.idle(work);
      }
      out.printf(
          Locale.ROOT,
          "%-5s %d messages of %d bytes in order, %.2f million a second%n",
          in.channel().scheme(),
          received[0],
          LENGTH,
          MESSAGES * 1e3 / (System.nanoTime() - startNs));
    }
  }

  /** Port 0 took a free one: where that is. Shared memory needs no such thing. */
  private static String reachable(String uri, Subscription in) {
    return in.localAddress() instanceof InetSocketAddress address
        ? uri.replace("127.0.0.1:0", "127.0.0.1:" + address.getPort())
        : uri;
  }
}
