package io.petrel.bench.rig;

import io.petrel.transport.Context;
import io.petrel.transport.Listener;
import io.petrel.transport.Petrel;
import io.petrel.transport.Publication;
import io.petrel.transport.Session;
import io.petrel.transport.Subscription;
import io.petrel.transport.Threading;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A server that echoes what its first session says, and that session's client; both by invoked
 * engines, so that they run in whatever threads take their turns.
 */
final class IdlePair implements AutoCloseable {
  private static final int POLL_LIMIT = 64;
  private static final int SIZE = 64;
  private static final int UNTIMED = 2_000;
  private static final long CONNECT_LIMIT_NS = TimeUnit.SECONDS.toNanos(10);

  private final Petrel server = Petrel.launch(new Context().threading(Threading.INVOKER));
  private final Petrel client = Petrel.launch(new Context().threading(Threading.INVOKER));
  private final Listener listener;
  private final UnsafeBuffer message = new UnsafeBuffer(new byte[SIZE]);
  private @Nullable Session first;
  private final Publication echoes;
  private final Subscription requests;
  private final Publication asks;
  private final Subscription answers;
  private volatile boolean done; // set by the client's thread, seen by the server's
  private long answered;

  IdlePair(int sessions, long keepaliveNs) {
    String options = "?idle-timeout=120s&keepalive=" + keepaliveNs + "ns&sessions=" + sessions;
    listener = server.listen("rudp://127.0.0.1:0" + options, this::onSession);
    int port = ((InetSocketAddress) Objects.requireNonNull(listener.localAddress())).getPort();
    Session session = client.connect("rudp://127.0.0.1:" + port);
    long startNs = System.nanoTime();
    while ((first == null || !session.isConnected())
        && System.nanoTime() - startNs < CONNECT_LIMIT_NS) {
      server.work();
      client.work();
    }
    Session accepted = Objects.requireNonNull(first, "the busy session was not accepted");
    requests = accepted.subscribe(1);
    echoes = accepted.publish(1, true);
    answers = session.subscribe(1);
    asks = session.publish(1, true);
  }

  private void onSession(Session session) {
    if (first == null) {
      first = session;
    }
  }

  int port() {
    return ((InetSocketAddress) Objects.requireNonNull(listener.localAddress())).getPort();
  }

  /** Sessions that the server has, the busy one included. */
  int sessions() {
    return listener.sessionCount();
  }

  /** A turn of the server, for who does no more than keep it alive. */
  void workServer() {
    server.work();
  }

  void begin() {
    done = false;
    answered = 0;
  }

  /** Echoes until the client has what it wants. */
  void serve() {
    while (!done) {
      requests.poll(
          (buffer, offset, length, header) -> echoes.offer(buffer, offset, length), POLL_LIMIT);
    }
  }

  /** So many round trips, one after the other. */
  void ask(int messages, Histogram histogram) {
    for (int i = -UNTIMED; i < messages; i++) {
      long startNs = System.nanoTime();
      long before = answered;
      while (asks.offer(message, 0, SIZE) < 0) {
        client.work();
      }
      while (answered == before) {
        answers.poll((buffer, offset, length, header) -> answered++, POLL_LIMIT);
      }
      if (i >= 0) {
        histogram.recordValue(System.nanoTime() - startNs);
      }
    }
    done = true;
  }

  @Override
  public void close() {
    client.close();
    server.close();
  }
}
