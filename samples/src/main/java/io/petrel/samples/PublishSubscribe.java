package io.petrel.samples;

import io.petrel.samples.support.Patience;
import io.petrel.transport.EndReason;
import io.petrel.transport.Header;
import io.petrel.transport.Petrel;
import io.petrel.transport.Publication;
import io.petrel.transport.SessionEvents;
import io.petrel.transport.SessionInfo;
import io.petrel.transport.Subscription;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;

/**
 * Two publishers, one subscriber. Each publisher is a session of its own: polled in turn, in order
 * within each. The engines run on threads of their own, which is the default.
 */
public final class PublishSubscribe {
  private static final int MESSAGES = 20_000;
  private static final String[] CITIES = {"Lisbon", "Bergen"};

  private PublishSubscribe() {}

  /**
   * Runs it alone.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) throws InterruptedException {
    run(System.out);
  }

  static void run(PrintStream out) throws InterruptedException {
    try (Petrel petrel = Petrel.launch()) {
      Subscriber subscriber = new Subscriber(out);
      // Port 0 takes a free one; a service has a port that its publishers know.
      Subscription readings = petrel.subscribe("rudp://127.0.0.1:0?stream=7", subscriber);
      InetSocketAddress address =
          (InetSocketAddress) Objects.requireNonNull(readings.localAddress());
      String uri = "rudp://127.0.0.1:" + address.getPort() + "?stream=7";

      Thread[] publishers = new Thread[CITIES.length];
      for (int i = 0; i < CITIES.length; i++) {
        String city = CITIES[i];
        publishers[i] = Thread.ofPlatform().name(city).start(() -> publish(uri, city));
      }
      Patience patience = new Patience("a message");
      while (subscriber.sessionsEnded < CITIES.length) {
        patience.idle(readings.poll(subscriber::onMessage, 256));
      }
      for (Thread publisher : publishers) {
        publisher.join();
      }
      out.println(subscriber.received + " messages in all");
    }
  }

  /** What a publisher's process would do. */
  private static void publish(String uri, String city) {
    try (Petrel petrel = Petrel.launch();
        Publication out = petrel.publishExclusive(uri)) {
      ExpandableArrayBuffer message = new ExpandableArrayBuffer();
      message.putStringWithoutLengthAscii(Long.BYTES, city);
      Patience patience = new Patience("room for a message");
      long number = 1;
      while (number <= MESSAGES) {
        message.putLong(0, number);
        long result = out.offer(message, 0, Long.BYTES + city.length());
        if (result > 0) { // the position after the message
          number++;
          patience.idle(1);
        } else if (result == Publication.NOT_CONNECTED || result == Publication.BACK_PRESSURED) {
          patience.idle(0); // try again: the connection comes, the subscriber reads
        } else {
          throw new IllegalStateException("offer: " + Publication.nameOf(result));
        }
      }
      // A close delivers what was accepted, too; this waits and can tell.
      if (!out.drain(10, TimeUnit.SECONDS)) {
        throw new IllegalStateException(city + " could not deliver everything");
      }
    }
  }

  /** Counts what comes, session by session. */
  private static final class Subscriber implements SessionEvents {
    private final PrintStream out;
    private final Map<Long, Long> lastBySession = new HashMap<>();
    private final Map<Long, String> cityBySession = new HashMap<>();
    private int sessionsEnded;
    private int received;

    Subscriber(PrintStream out) {
      this.out = out;
    }

    void onMessage(DirectBuffer buffer, int offset, int length, Header header) {
      long session = header.session().sessionId();
      long number = buffer.getLong(offset);
      byte[] city = new byte[length - Long.BYTES];
      buffer.getBytes(offset + Long.BYTES, city);
      cityBySession.put(session, new String(city, StandardCharsets.US_ASCII));
      long last =
          lastBySession.merge(session, number, (before, now) -> now == before + 1 ? now : -1);
      if (last != number) {
        throw new IllegalStateException("message " + number + " is out of order");
      }
      received++;
    }

    @Override
    public void onSessionDown(SessionInfo session, EndReason reason, long position) {
      sessionsEnded++;
      out.printf(
          "%s: %d messages in order, then %s%n",
          cityBySession.get(session.sessionId()), lastBySession.get(session.sessionId()), reason);
    }
  }
}
