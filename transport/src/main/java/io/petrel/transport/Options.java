package io.petrel.transport;

import io.petrel.transport.agent.CorePinning;
import io.petrel.transport.agent.Idle;
import io.petrel.transport.datagram.DatagramPorts;
import io.petrel.transport.metrics.MetricsCapacity;
import io.petrel.transport.metrics.MetricsDirectory;
import java.nio.file.Path;
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

  /** What the engine's thread does when there is nothing to do. */
  public static final Option<Idle> IDLE =
      Option.choice(
          "idle",
          Idle.BACKOFF,
          "What the engine's thread does when there is nothing to do: spin takes a core and answers"
              + " at once, yield gives way to others, backoff sleeps up to 1 ms, sleep 100 us at a"
              + " time.");

  /** Where the engine's thread runs. */
  public static final Option<Integer> CORE =
      Option.integer(
          "core",
          CorePinning.ANY_CORE,
          CorePinning.ANY_CORE,
          8_191,
          "The core that the engine's thread is kept on; -1 leaves it to the system.");

  /** When a turn is a stall. */
  public static final Option<Long> STALL_THRESHOLD =
      Option.duration(
          "stall-threshold",
          "10ms",
          "1us",
          "60m",
          "From the beginning of one turn to the next, idling included: longer than this is counted"
              + " as a stall.");

  /** Where mapped files lie. */
  public static final Option<String> DIR =
      Option.text(
          "dir",
          "auto",
          "a path or auto",
          text ->
              text.equals("auto")
                  ? MetricsDirectory.defaultDirectory().toString()
                  : Path.of(text).toString(),
          "The directory of all that is mapped, such as the metrics file; auto takes one of the"
              + " user's own in the memory file system, or else where temporary files go.");

  /** Room in the metrics file. */
  public static final Option<Integer> COUNTERS =
      Option.integer(
          "counters",
          MetricsCapacity.DEFAULT.counters(),
          64,
          1_000_000,
          "Counters that the metrics file has room for, 264 bytes each; those beyond are refused"
              + " and that is counted.");

  /** Which kind of datagram port. */
  public static final Option<String> DATAGRAM_PORT =
      Option.text(
          "datagram-port",
          DatagramPorts.FASTEST,
          "auto or a kind of port that runs here: native, nio",
          DatagramPorts::check,
          "How datagrams reach the kernel: native by its system calls with segmentation offload"
              + " (Linux), nio by the JDK's channels (anywhere); auto takes the fastest.");

  /** Longest wait for another thread's turn on the control path. */
  public static final Option<Long> CONTROL_TIMEOUT =
      Option.duration(
          "control-timeout",
          "5s",
          "1ms",
          "60m",
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
          "60m",
          "After this long a claim of a shared publication that was neither committed nor aborted,"
              + " and holds up all behind it, is skipped. Longer than any pause of a live thread.");

  /** How long a close goes on delivering. */
  public static final Option<Long> LINGER =
      Option.duration(
          "linger",
          "5s",
          "0",
          "60m",
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
          "60m",
          "Wait before a connection that failed or broke is tried again, doubling up to 32 times"
              + " while it fails; 0 tries until it was connected once and never again.");

  /** What only a {@link Context} and the system properties can say. */
  public static final OptionGroup ENGINE =
      new OptionGroup(
          "Engine",
          "Set on the Context or as system properties; not in a URI.",
          false,
          List.of(
              NAME,
              THREADING,
              IDLE,
              CORE,
              STALL_THRESHOLD,
              CONTROL_TIMEOUT,
              RING_MEMORY,
              DIR,
              COUNTERS,
              DATAGRAM_PORT));

  private Options() {}
}
