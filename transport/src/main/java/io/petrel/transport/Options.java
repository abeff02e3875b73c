package io.petrel.transport;

import java.util.List;

/** The options of the engine, and those that several transports share. */
public final class Options {
  /** Who takes the engine's turns. */
  public static final Option<Threading> THREADING =
      Option.choice(
          "threading",
          Threading.THREAD,
          "Who takes the engine's turns: a thread of its own, or the application's threads in"
              + " work, poll and offer.");

  /** The engine's name. */
  public static final Option<String> NAME =
      Option.text(
          "name",
          "petrel",
          "letters, digits, hyphens, points and underscores",
          text -> {
            if (!text.matches("[A-Za-z0-9._-]{1,64}")) {
              throw new IllegalArgumentException("1 to 64 of them");
            }
            return text;
          },
          "Names the engine's thread, its counters file and its log lines.");

  /** Longest wait for another thread's turn on the control path. */
  public static final Option<Long> CONTROL_TIMEOUT =
      Option.duration(
          "control-timeout",
          "5s",
          "1ms",
          "1h",
          "How long publish, subscribe, connect, listen and close wait for the engine to take a"
              + " turn before they give up.");

  /** Memory of all rings. */
  public static final Option<Long> RING_MEMORY =
      Option.size(
          "ring-memory",
          "4GiB",
          "64KiB",
          "1024GiB",
          "Bytes that all rings of the engine may take together; a stream beyond it is"
              + " BACK_PRESSURED until others have ended. The JVM has its own limit:"
              + " -XX:MaxDirectMemorySize.");

  /** How long a claim may stay open. */
  public static final Option<Long> CLAIM_TIMEOUT =
      Option.duration(
          "claim-timeout",
          "10s",
          "10ms",
          "1h",
          "After this long a claim of a shared publication that was neither committed nor aborted,"
              + " and holds up all behind it, is skipped. Longer than any pause of a live thread.");

  /** How long a close goes on delivering. */
  public static final Option<Long> LINGER =
      Option.duration(
          "linger",
          "5s",
          "0",
          "1h",
          "How long a close goes on delivering what was accepted; then the rest is given up.");

  /** The stream. */
  public static final Option<Integer> STREAM =
      Option.integer(
          "stream", 0, 0, Integer.MAX_VALUE, "Which of a session's streams, each its own ring.");

  /** Bytes of each ring. */
  public static final Option<Long> RING =
      Option.powerOfTwo(
          "ring",
          "4MiB",
          "4KiB",
          "1GiB",
          "Bytes of a stream's ring: send queue, retransmission buffer and back pressure in one. It"
              + " must hold a few bandwidth-delay products; the largest message is an eighth of it."
              + " The receiver's value caps the sender's.");

  /** What an offer may queue. */
  public static final Option<Long> UNSENT_LIMIT =
      Option.size(
          "unsent-limit",
          "1GiB",
          "1KiB",
          "1GiB",
          "How many bytes an offer may queue behind what is already sent; beyond it offers are"
              + " BACK_PRESSURED. Low values keep a queue from growing old.");

  /** Sessions accepted at a time. */
  public static final Option<Integer> SESSIONS =
      Option.integer(
          "sessions", 1024, 1, 1_000_000, "How many sessions a listener or subscription accepts.");

  /** Streams of a session. */
  public static final Option<Integer> STREAMS =
      Option.integer("streams", 16, 1, 1024, "How many streams a peer may open in one session.");

  /** Wait before connecting again. */
  public static final Option<Long> RECONNECT =
      Option.duration(
          "reconnect",
          "100ms",
          "0",
          "1h",
          "Wait before a connection that failed or broke is tried again, doubling up to 32 times"
              + " while it fails; 0 tries until it was connected once and never again.");

  /** What only a {@link Context} and the system properties can say. */
  public static final OptionGroup ENGINE =
      new OptionGroup(
          "Engine",
          "Set on the Context or as system properties; not in a URI.",
          false,
          List.of(NAME, THREADING, CONTROL_TIMEOUT, RING_MEMORY));

  private Options() {}
}
