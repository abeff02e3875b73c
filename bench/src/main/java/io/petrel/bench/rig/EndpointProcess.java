package io.petrel.bench.rig;

import io.petrel.bench.fanout.FanOutPeers;
import io.petrel.bench.peer.Endpoint;
import io.petrel.bench.peer.Peers;
import io.petrel.bench.peer.Setup;
import io.petrel.transport.agent.CorePinning;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One end of a connection under test, in a process of its own. The coordinator writes a command a
 * line to its standard input; it answers on standard output with lines that begin with {@code @}.
 *
 * <pre>
 *   echo FIRST                  send back what comes, until stop
 *   receive FIRST               count what comes, until stop
 *   fanout FIRST                the same at every receiver, with latencies
 *   stop TOTAL                  end once TOTAL messages came (or no more come): @result ...
 *   rtt FIRST COUNT INFLIGHT LIMIT
 *                               round trips, recorded, none begun after LIMIT:  @result ...
 *   rate FIRST COUNT INTERVAL   the same on a schedule, from the intended time: @result ...
 *   paced FIRST COUNT INTERVAL  one way on a schedule, with its times:          @result ...
 *   send FIRST DURATION         as many as flow control takes:                  @result ...
 *   timed FIRST SKIP DURATION   count what comes in that time after the skip:   @result ...
 *   drain FIRST                 poll and drop, until stop
 *   quit
 * </pre>
 *
 * Every command but stop and quit is first answered by {@code @started}: from then on nothing that
 * arrives is taken for the rest of an earlier round.
 */
final class EndpointProcess {
  private static final int ORPHANED = 3;
  private static final long IDLE_PARK_NS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Endpoint endpoint;
  private final Rounds rounds;
  private final Thread worker = Thread.currentThread();

  // Written by the control thread, read by the worker.
  private volatile @Nullable String command;
  private volatile boolean quit;

  private EndpointProcess(Endpoint endpoint, Rounds rounds) {
    this.endpoint = endpoint;
    this.rounds = rounds;
  }

  /** Arguments: peer, core, and the words of a {@link Setup}. */
  public static void main(String[] arguments) throws IOException {
    List<String> words = List.of(arguments);
    Setup setup = Setup.parse(words.subList(2, words.size()));
    CorePinning.pinCurrentThread(Integer.parseInt(arguments[1]));
    var peer = setup.receivers() > 0 ? FanOutPeers.named(arguments[0]) : Peers.named(arguments[0]);
    try (Endpoint endpoint = peer.open(setup)) {
      Rounds rounds = new Rounds(endpoint, setup);
      new EndpointProcess(endpoint, rounds).run();
    }
  }

  private void run() {
    rounds.leaveOut(Thread.ofPlatform().daemon().name("control").start(this::readCommands));
    answer("open " + endpoint.settings());
    while (!quit && !endpoint.connected()) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
    answer("connected");
    while (!quit) {
      String next = command;
      if (next == null) {
        // Between rounds a session is kept alive, and the cores are left to the others.
        endpoint.poll(Rounds.IGNORE);
        LockSupport.parkNanos(IDLE_PARK_NS);
        continue;
      }
      command = null;
      answer("started");
      answer("result " + rounds.run(next.split(" ")));
    }
  }

  private void readCommands() {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.startsWith("stop ")) {
          rounds.stop(Long.parseLong(line.substring(5)));
        } else if (line.equals("quit")) {
          quit();
          return;
        } else {
          rounds.open();
          command = line;
          LockSupport.unpark(worker);
        }
      }
    } catch (IOException e) {
      answer("error " + e.getMessage());
    }
    // The coordinator is gone without a word, killed perhaps: nobody wants the rest of a round.
    Runtime.getRuntime().halt(ORPHANED);
  }

  private void quit() {
    quit = true;
    rounds.stop(0);
    LockSupport.unpark(worker);
  }

  /** Says something to the coordinator. */
  private static void answer(String line) {
    System.out.println("@" + line);
    System.out.flush();
  }
}
