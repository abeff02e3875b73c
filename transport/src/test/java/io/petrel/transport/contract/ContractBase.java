package io.petrel.transport.contract;

import io.petrel.transport.Context;
import io.petrel.transport.EndReason;
import io.petrel.transport.MessageHandler;
import io.petrel.transport.Petrel;
import io.petrel.transport.Publication;
import io.petrel.transport.SessionEvents;
import io.petrel.transport.SessionInfo;
import io.petrel.transport.Subscription;
import io.petrel.transport.Threading;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.YieldingIdleStrategy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the cases stand on: two engines, messages that cannot be confused, waiting with a limit. */
@ExtendWith(ContractMatrix.class)
abstract class ContractBase {
  /** Generous, and counted from the last progress: reached only when something hangs. */
  static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(60);

  static final IdleStrategy YIELD = new YieldingIdleStrategy();

  static final String SMALL_RING = "ring=16KiB";

  private final TransportUnderTest transport;
  private final Threading threading;
  private final List<Petrel> launched = new CopyOnWriteArrayList<>();
  final List<Throwable> errors = new CopyOnWriteArrayList<>();
  final UnsafeBuffer message = new UnsafeBuffer(new byte[256 * 1024]);

  /** Publishes, in most cases. */
  Petrel left;

  /** Subscribes, in most cases. */
  Petrel right;

  ContractBase(TransportUnderTest transport, Threading threading) {
    this.transport = transport;
    this.threading = threading;
    left = launch();
    right = launch();
  }

  TransportUnderTest transport() {
    return transport;
  }

  Threading threading() {
    return threading;
  }

  Petrel launch() {
    return launch("2s");
  }

  /** One that goes on delivering for so long when it is closed. */
  Petrel launch(String linger) {
    Petrel petrel =
        Petrel.launch(
            new Context()
                .threading(threading)
                .idleStrategy(new YieldingIdleStrategy())
                .set("linger", linger)
                .set("reconnect", "1ms")
                .set("idle-timeout", "20s")
                .errorHandler(errors::add));
    launched.add(petrel);
    return petrel;
  }

  /** Those that are closed already need no close, and no turns. */
  void forgetClosed() {
    launched.removeIf(Petrel::isClosed);
  }

  @BeforeEach
  void skipWhatDoesNotApply(TestInfo info) {
    String reason = transport.inapplicable().get(info.getTestMethod().orElseThrow().getName());
    Assumptions.assumeTrue(reason == null, reason);
  }

  @AfterEach
  void closeAll() {
    // At the same time: an engine that is invoked takes no turn for its peer while it closes.
    try (Workers workers = new Workers()) {
      launched.forEach(petrel -> workers.start(petrel::close));
    }
  }

  Subscription subscribe(String options, SessionEvents events) {
    return right.subscribe(transport.freshUri(options), events);
  }

  Subscription subscribe(String options) {
    return subscribe(options, new SessionEvents() {});
  }

  /** A publication to the subscription, connected. */
  Publication publish(Subscription subscription, String options, boolean exclusive) {
    String uri = transport.uriOf(subscription, options);
    Publication publication = exclusive ? left.publishExclusive(uri) : left.publish(uri);
    await("connection of " + uri, publication::isConnected);
    return publication;
  }

  /**
   * Offers message {@code number} of a sender until it is accepted; {@code meanwhile} polls, say.
   */
  long offer(Publication publication, int sender, long number, int length, Runnable meanwhile) {
    Messages.fill(message, sender, number, length);
    long startNs = System.nanoTime();
    while (true) {
      long result = publication.offer(message, 0, length);
      if (result > 0) {
        return result;
      }
      if (result != Publication.BACK_PRESSURED && result != Publication.NOT_CONNECTED) {
        throw new AssertionError("offer of message " + number + ": " + Publication.nameOf(result));
      }
      pass("accepting message " + number + ": " + Publication.nameOf(result), startNs);
      meanwhile.run();
    }
  }

  /** Turns both engines until the condition holds. */
  void await(String what, BooleanSupplier condition) {
    await(() -> what, condition);
  }

  void await(Supplier<String> what, BooleanSupplier condition) {
    long startNs = System.nanoTime();
    while (!condition.getAsBoolean()) {
      pass(what, startNs);
    }
  }

  /** Polls until so many messages came in all. */
  void receive(Subscription subscription, MessageHandler handler, long count) {
    long startNs = System.nanoTime();
    long received = 0;
    while (received < count) {
      int messages = subscription.poll(handler, 64);
      received += messages;
      if (messages > 0) {
        startNs = System.nanoTime();
      } else {
        pass("receiving message " + received + " of " + count, startNs);
      }
    }
  }

  /** One moment of waiting, or the end of it. */
  void pass(String what, long startNs) {
    pass(() -> what, startNs);
  }

  private void pass(Supplier<String> what, long startNs) {
    int done = 0;
    for (Petrel petrel : launched) {
      done += petrel.work();
    }
    if (done == 0) {
      YIELD.idle();
    }
    if (System.nanoTime() - startNs > DEADLINE_NS) {
      throw new AssertionError("waited too long for " + what.get() + "; errors so far: " + errors);
    }
  }

  /** A thread's part in a case. */
  @FunctionalInterface
  interface Task {
    void run() throws Exception;
  }

  /** Threads whose failures are the test's; closing waits for them. */
  static final class Workers implements AutoCloseable {
    private final List<Thread> threads = new ArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();

    void start(Task task) {
      Thread thread =
          new Thread(() -> {
            try {
              task.run();
            } catch (Throwable e) {
              failures.add(e);
            }
          });
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }

    boolean isRunning() {
      return failures.isEmpty() && threads.stream().anyMatch(Thread::isAlive);
    }

    @Override
    public void close() {
      try {
        for (Thread thread : threads) {
          thread.join(TimeUnit.NANOSECONDS.toMillis(DEADLINE_NS));
          if (thread.isAlive()) {
            AssertionError hangs = new AssertionError("a thread hangs");
            hangs.setStackTrace(thread.getStackTrace());
            throw hangs;
          }
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      if (!failures.isEmpty()) {
        throw new AssertionError(failures.getFirst());
      }
    }
  }

  /** Writes down what it is told. */
  static final class Recorder implements SessionEvents {
    final List<String> events = new CopyOnWriteArrayList<>();
    final List<Long> ids = new CopyOnWriteArrayList<>();
    volatile long downPosition = -1;

    @Override
    public void onSessionUp(SessionInfo session) {
      events.add("up");
      ids.add(session.sessionId());
    }

    @Override
    public void onSessionDown(SessionInfo session, EndReason reason, long position) {
      events.add("down " + reason);
      downPosition = position;
    }

    @Override
    public void onLoss(SessionInfo session, long fromPosition, long toPosition) {
      events.add("loss " + fromPosition + "-" + toPosition);
    }
  }
}
