package io.petrel.samples;

import io.petrel.samples.support.Patience;
import io.petrel.transport.Context;
import io.petrel.transport.Listener;
import io.petrel.transport.Petrel;
import io.petrel.transport.Publication;
import io.petrel.transport.Session;
import io.petrel.transport.Subscription;
import io.petrel.transport.Threading;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.YieldingIdleStrategy;
import org.jspecify.annotations.Nullable;

/**
 * One message there, one back, over one duplex session.
 *
 * <pre>
 *   ping (this thread)  -- 0, 1, 2, ... -->  pong (a thread of its own)
 *                       <-- the same ------
 * </pre>
 *
 * <p>Both engines are invoked: each side's own thread sends and receives, so that no message waits
 * for another thread to wake. {@code ./petrel bench rtt} measures this with care.
 */
public final class PingPong {
  private static final int WARM_UP = 100;
  private static final int ROUND_TRIPS = 500;

  private PingPong() {}

  /**
   * Runs it alone.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) {
    run(System.out);
  }

  static void run(PrintStream out) {
    Context context = new Context().threading(Threading.INVOKER);
    try (Pong pong = new Pong();
        Petrel petrel = Petrel.launch(context)) {
      Session session = petrel.connect(pong.uri());
      Publication requests = session.publish(0);
      Subscription replies = session.subscribe(0);
      Ping ping = new Ping(requests, replies);
      for (int i = 0; i < WARM_UP; i++) {
        ping.roundTrip();
      }
      Histogram roundTripsNs = new Histogram(3);
      for (int i = 0; i < ROUND_TRIPS; i++) {
        long startNs = System.nanoTime();
        ping.roundTrip();
        roundTripsNs.recordValue(System.nanoTime() - startNs);
      }
      out.printf(
          Locale.ROOT,
          "%d round trips in order: p50 %.1f us, p99 %.1f us%n",
          roundTripsNs.getTotalCount(),
          roundTripsNs.getValueAtPercentile(50) / 1e3,
          roundTripsNs.getValueAtPercentile(99) / 1e3);
    }
  }

  /** Sends a number and waits until it is back. */
  private static final class Ping {
    private final Publication requests;
    private final Subscription replies;
    private final ExpandableArrayBuffer message = new ExpandableArrayBuffer(Long.BYTES);
    private long sent;
    private long answered;

    Ping(Publication requests, Subscription replies) {
      this.requests = requests;
      this.replies = replies;
    }

    void roundTrip() {
      Patience patience = new Patience("a round trip");
      message.putLong(0, ++sent);
      while (requests.offer(message, 0, Long.BYTES) < 0) {
        patience.idle(0); // NOT_CONNECTED until the handshake is done
      }
      while (answered < sent) {
        patience.idle(
            replies.poll(
                (buffer, offset, length, header) -> {
                  long number = buffer.getLong(offset);
                  if (number != answered + 1) {
                    throw new IllegalStateException(number + " came after " + answered);
                  }
                  answered = number;
                },
                1));
      }
    }
  }

  /** Sends back what comes, from a thread of its own. */
  private static final class Pong implements AutoCloseable {
    private final Petrel petrel = Petrel.launch(new Context().threading(Threading.INVOKER));
    private final Listener listener = petrel.listen("rudp://127.0.0.1:0", this::onSession);
    private final IdleStrategy idle = new YieldingIdleStrategy(); // or spin, on a core of its own
    private final Thread thread = new Thread(this::answer, "pong");
    private @Nullable Subscription requests;
    private @Nullable Publication replies;
    private volatile boolean closed; // asked by the thread in each pass

    Pong() {
      thread.start();
    }

    String uri() {
      return "rudp://127.0.0.1:" + ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /** On the thread that takes the turn, which is ours. */
    private void onSession(Session session) {
      replies = session.publish(0);
      requests = session.subscribe(0);
    }

    private void answer() {
      while (!closed) {
        Subscription in = requests;
        int work =
            in == null
                ? petrel.work()
                : in.poll(
                    (buffer, offset, length, header) -> {
                      Publication back = replies;
                      if (back != null && back.offer(buffer, offset, length) < 0) {
                        throw new IllegalStateException("one message in flight always finds room");
                      }
                    },
                    1);
        idle.idle(work);
      }
    }

    @Override
    public void close() {
      closed = true;
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // the engine is closed all the same
      }
      petrel.close();
    }
  }
}
