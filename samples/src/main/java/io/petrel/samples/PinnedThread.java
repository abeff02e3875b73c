package io.petrel.samples;

import io.petrel.samples.support.Patience;
import io.petrel.transport.Context;
import io.petrel.transport.Options;
import io.petrel.transport.Petrel;
import io.petrel.transport.Publication;
import io.petrel.transport.Subscription;
import io.petrel.transport.Threading;
import io.petrel.transport.agent.CorePinning;
import io.petrel.transport.agent.Idle;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.agrona.ExpandableArrayBuffer;

/**
 * Petrel on a thread of its own that is kept on a core: the application's threads only write and
 * read rings. {@code idle=spin} answers soonest and takes that core whole: give it one that the
 * system leaves alone ({@code isolcpus}), and the application others.
 */
public final class PinnedThread {
  private static final int MESSAGES = 2_000;
  private static final int CORE_LIMIT = 1_024;

  /** Names the thread; the kernel shows 15 letters of it. */
  private static final String ENGINE = "pinned-engine";

  private PinnedThread() {}

  /**
   * Runs it alone.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) throws IOException {
    run(System.out);
  }

  static void run(PrintStream out) throws IOException {
    int core = lastAllowedCore();
    Context context =
        new Context()
            .set(Options.NAME, ENGINE)
            .threading(Threading.THREAD) // the default
            .set(Options.CORE, Integer.toString(core))
            .set(Options.IDLE, Idle.YIELD);
    try (Petrel petrel = Petrel.launch(context)) {
      Subscription in = petrel.subscribe("rudp://127.0.0.1:0");
      InetSocketAddress address = (InetSocketAddress) Objects.requireNonNull(in.localAddress());
      Publication to = petrel.publishExclusive("rudp://127.0.0.1:" + address.getPort());
      ExpandableArrayBuffer message = new ExpandableArrayBuffer(Long.BYTES);
      long[] received = {0};
      long sent = 0;
      Patience patience = new Patience("a message");
      while (received[0] < MESSAGES) {
        message.putLong(0, sent);
        if (sent < MESSAGES && to.offer(message, 0, Long.BYTES) > 0) {
          sent++;
        }
        patience.idle(
            in.poll(
                (buffer, offset, length, header) -> {
                  if (buffer.getLong(offset) != received[0]++) {
                    throw new IllegalStateException("message " + received[0] + " is another one");
                  }
                },
                64));
      }
      out.printf(
          "%d messages in order; asked for core %d, the engine's thread may use: %s%n",
          received[0], core, coresOfEngine());
    }
  }

  /** The cores this process may use are not always all there are. */
  private static int lastAllowedCore() {
    for (int core = CORE_LIMIT; core > 0; core--) {
      try {
        CorePinning.check(core);
        return core;
      } catch (IllegalArgumentException notAllowed) {
        // the next one, then
      }
    }
    return 0;
  }

  /** As the kernel has it. */
  private static String coresOfEngine() throws IOException {
    Path tasks = Path.of("/proc/self/task");
    if (!Files.isDirectory(tasks)) {
      return "any (threads are kept on a core on Linux only)";
    }
    List<Path> threads;
    try (Stream<Path> all = Files.list(tasks)) {
      threads = all.toList();
    }
    for (Path thread : threads) {
      List<String> lines = Files.readAllLines(thread.resolve("status"));
      if (lines.contains("Name:\t" + ENGINE)) {
        return lines.stream()
            .filter(line -> line.startsWith("Cpus_allowed_list:"))
            .map(line -> line.substring(line.indexOf('\t') + 1))
            .findFirst()
            .orElse("unknown");
      }
    }
    return "unknown";
  }
}
