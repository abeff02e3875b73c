package io.petrel.bench.journal;

import io.petrel.bench.cli.JsonLine;
import io.petrel.transport.Context;
import io.petrel.transport.Petrel;
import io.petrel.transport.Publication;
import io.petrel.transport.Threading;
import java.io.Console;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What the commands have in common: messages and bytes moved, limits, progress on a terminal, and
 * an end in good order when the process is told to go.
 */
final class Transfer implements AutoCloseable {
  private static final long NANOSECONDS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  /** How long a process that is told to go waits for what it is in the middle of. */
  private static final long GOODBYE_SECONDS = 10;

  /** Turns without work before the first pause, and its length. */
  private static final int SPIN_TURNS = 1_000;

  private static final long PARK_NS = TimeUnit.MICROSECONDS.toNanos(50);

  private final String command;
  private final PrintWriter err;
  private final boolean terminal;
  private final long countLimit;
  private final long lengthNs;
  private final long startNs = System.nanoTime();
  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread goodbye = new Thread(this::sayGoodbye, "petrel-goodbye");
  private volatile boolean told; // by the thread of the shutdown

  private int idleTurns;
  private long nextNs = NANOSECONDS_PER_SECOND;
  private long messages;
  private long bytes;
  private long lossEvents;
  private long firstNs;
  private long endNs;

  /** Limits of 0 are none. */
  Transfer(String command, PrintWriter err, long countLimit, long lengthNs) {
    this.command = command;
    this.err = err;
    this.countLimit = countLimit;
    this.lengthNs = lengthNs;
    terminal = isTerminal(System.console());
    Runtime.getRuntime().addShutdownHook(goodbye);
  }

  private static boolean isTerminal(@Nullable Console console) {
    return console != null && console.isTerminal();
  }

  private void sayGoodbye() {
    told = true;
    try {
      if (!done.await(GOODBYE_SECONDS, TimeUnit.SECONDS)) {
        err.println("petrel " + command + ": was cut off");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static Petrel launch() {
    return Petrel.launch(new Context().threading(Threading.INVOKER));
  }

  /** Whether an offer that was refused may be tried again. */
  static boolean isToRetry(long result) {
    return result == Publication.BACK_PRESSURED || result == Publication.NOT_CONNECTED;
  }

  /** The clock of the rates starts with the first. */
  void moved(long messagesMore, long bytesMore) {
    if (messages == 0 && messagesMore > 0) {
      firstNs = System.nanoTime() - startNs;
    }
    messages += messagesMore;
    bytes += bytesMore;
  }

  /** A line for programs and one for people. */
  JsonLine loss(String event, long session, int stream, long from, long to) {
    lossEvents++;
    err.printf(
        "petrel %s: %s: session %d stream %d, positions %d to %d%n",
        command, event, session, stream, from, to);
    return new JsonLine()
        .put("event", event)
        .put("session", session)
        .put("stream", stream)
        .put("from", from)
        .put("to", to);
  }

  /** False when a limit is reached or the process is told to go; shows progress now and then. */
  boolean goesOn() {
    long ns = System.nanoTime() - startNs;
    if (terminal && ns >= nextNs) {
      nextNs = ns + NANOSECONDS_PER_SECOND;
      err.printf(
          Locale.ROOT, "\r%,d messages, %,d bytes, %d s ", messages, bytes, ns / 1_000_000_000);
      err.flush();
    }
    return !told && left() > 0 && (lengthNs == 0 || ns < lengthNs);
  }

  /** Gives the core away when nothing has come for a while. */
  void idle(int worked) {
    idleTurns = worked > 0 ? 0 : idleTurns + 1;
    if (idleTurns > SPIN_TURNS) {
      LockSupport.parkNanos(PARK_NS);
    }
  }

  /** How many messages the limit leaves. */
  long left() {
    return countLimit == 0 ? Long.MAX_VALUE : countLimit - messages;
  }

  long messages() {
    return messages;
  }

  /** The clock stops: what follows is no part of the rate. */
  void ended() {
    endNs = System.nanoTime() - startNs;
  }

  JsonLine figures() {
    double seconds = seconds();
    return new JsonLine()
        .put("command", command)
        .put("messages", messages)
        .put("bytes", bytes)
        .put("seconds", seconds, 6)
        .put("msgs_per_s", messages / seconds, 0)
        .put("bytes_per_s", bytes / seconds, 0)
        .put("loss_events", lossEvents);
  }

  private double seconds() {
    return Math.max(1, endNs - firstNs) / (double) NANOSECONDS_PER_SECOND;
  }

  String text() {
    double seconds = seconds();
    return String.format(
        Locale.ROOT,
        "%,d messages, %,d bytes in %.3f s: %,.0f messages/s, %,.0f bytes/s",
        messages,
        bytes,
        seconds,
        messages / seconds,
        bytes / seconds);
  }

  @Override
  public void close() {
    done.countDown();
    if (!told) {
      try {
        Runtime.getRuntime().removeShutdownHook(goodbye);
      } catch (IllegalStateException e) {
        told = true; // the process is going anyway
      }
    }
  }
}
