package io.petrel.transport.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.petrel.transport.linux.ThreadAffinity;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentTerminationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
final class AgentThreadTest {
  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
  private final List<Throwable> errors = new CopyOnWriteArrayList<>();

  private AgentThread start(Turn turn, Idle idle) {
    return AgentThread.start(
        new TestAgent(turn, events), idle.newStrategy(), CorePinning.ANY_CORE, errors::add);
  }

  private void awaitEvent(String expected) throws InterruptedException {
    String event = events.poll(30, TimeUnit.SECONDS);
    assertEquals(expected, event);
  }

  @ParameterizedTest
  @EnumSource(Idle.class)
  void takesTurnsOnAThreadOfItsNameAndClosesInOrder(Idle idle) throws InterruptedException {
    AtomicReference<String> name = new AtomicReference<>();
    AgentThread agent =
        start(
            turn -> {
              if (turn == 5) {
                name.set(Thread.currentThread().getName());
                events.add("fifth turn");
              }
              return 0;
            },
            idle);
    awaitEvent("start");
    awaitEvent("fifth turn");
    assertTrue(agent.isRunning());
    agent.close();
    awaitEvent("close");
    assertFalse(agent.isRunning());
    assertEquals("tester", name.get());
    agent.close();
    assertTrue(events.isEmpty());
    assertEquals(List.of(), errors);
  }

  @Test
  void goesOnWhateverATurnThrows() throws InterruptedException {
    RuntimeException first = new IllegalStateException("first");
    Error second = new OutOfMemoryError("made up");
    Error third = new NoClassDefFoundError("made up");
    try (AgentThread agent =
        start(
            turn -> {
              switch (turn) {
                case 1 -> throw first;
                case 2 -> throw second;
                case 3 -> throw third;
                case 4 -> events.add("fourth turn");
                default -> {}
              }
              return 1;
            },
            Idle.BACKOFF)) {
      awaitEvent("start");
      awaitEvent("fourth turn");
      assertTrue(agent.isRunning());
    }
    assertEquals(List.of(first, second, third), errors);
    awaitEvent("close");
  }

  @Test
  void survivesAnErrorHandlerThatThrows() throws InterruptedException {
    RuntimeException failure = new IllegalStateException("of the turn");
    try (AgentThread agent =
        AgentThread.start(
            new TestAgent(
                turn -> {
                  if (turn == 1) {
                    throw failure;
                  }
                  if (turn == 2) {
                    events.add("second turn");
                  }
                  return 0;
                },
                events),
            Idle.YIELD.newStrategy(),
            CorePinning.ANY_CORE,
            error -> {
              throw new UnsupportedOperationException("of the handler");
            })) {
      awaitEvent("start");
      awaitEvent("second turn");
      assertTrue(agent.isRunning());
    }
    assertEquals("of the handler", failure.getSuppressed()[0].getMessage());
  }

  @Test
  void mayBeClosedFromWithinATurn() throws InterruptedException {
    AtomicReference<AgentThread> self = new AtomicReference<>();
    AgentThread agent =
        start(
            turn -> {
              AgentThread known = self.get();
              if (known != null) {
                known.close();
                events.add("last turn");
              }
              return 1;
            },
            Idle.SPIN);
    self.set(agent);
    awaitEvent("start");
    awaitEvent("last turn");
    awaitEvent("close");
    agent.close();
    assertTrue(events.isEmpty());
  }

  @Test
  void endsItselfByTheTerminationException() throws InterruptedException {
    AgentThread agent =
        start(
            turn -> {
              throw new AgentTerminationException("done", false);
            },
            Idle.SPIN);
    awaitEvent("start");
    awaitEvent("close");
    agent.close();
    assertFalse(agent.isRunning());
    assertEquals(List.of(), errors);
  }

  @Test
  void anInterruptOfTheCloserIsKeptAndTheAgentStillEnds() throws InterruptedException {
    AgentThread agent = start(turn -> 0, Idle.SLEEP);
    awaitEvent("start");
    Thread.currentThread().interrupt();
    agent.close();
    assertTrue(Thread.interrupted());
    awaitEvent("close");
  }

  @Test
  void runsOnTheCoreItWasGiven() throws InterruptedException {
    assumeTrue(ThreadAffinity.isSupported());
    int core = ThreadAffinity.allowedCores().length() - 1;
    AtomicReference<BitSet> seen = new AtomicReference<>();
    try (AgentThread agent =
        AgentThread.start(
            new TestAgent(
                turn -> {
                  if (turn == 1) {
                    seen.set(ThreadAffinity.currentCores());
                    events.add("on a core");
                  }
                  return 0;
                },
                events),
            Idle.YIELD.newStrategy(),
            core,
            errors::add)) {
      awaitEvent("start");
      awaitEvent("on a core");
      assertTrue(agent.isRunning());
    }
    BitSet expected = new BitSet();
    expected.set(core);
    assertEquals(expected, seen.get());
  }

  @Test
  void aCoreThatCannotBeHadIsNamedTogetherWithThoseThatCan() {
    assumeTrue(ThreadAffinity.isSupported());
    BitSet allowed = ThreadAffinity.allowedCores();
    int absent = allowed.length();
    for (int core : new int[] {absent, 8191, 100_000, -2}) {
      String refusal =
          String.valueOf(
              assertThrows(
                      IllegalArgumentException.class,
                      () ->
                          AgentThread.start(
                              new TestAgent(turn -> 0, events),
                              Idle.SPIN.newStrategy(),
                              core,
                              errors::add))
                  .getMessage());
      assertTrue(refusal.contains("core " + core + " "), refusal);
      assertTrue(refusal.contains("may use " + CorePinning.ranges(allowed)), refusal);
    }
    assertTrue(events.isEmpty());
  }

  @Test
  void whatIsAllowedDoesNotDependOnWhereTheAskingThreadIsBound() throws InterruptedException {
    assumeTrue(ThreadAffinity.isSupported());
    BitSet before = ThreadAffinity.allowedCores();
    AtomicReference<BitSet> after = new AtomicReference<>();
    Thread thread =
        Thread.ofPlatform()
            .start(() -> {
              CorePinning.pinCurrentThread(before.nextSetBit(0));
              after.set(ThreadAffinity.allowedCores());
            });
    thread.join();
    assertEquals(before, after.get());
  }

  @Test
  void writesCoresAsRanges() {
    BitSet cores = new BitSet();
    cores.set(0, 4);
    cores.set(6);
    cores.set(8, 10);
    assertEquals("0-3,6,8-9", CorePinning.ranges(cores));
    assertEquals("", CorePinning.ranges(new BitSet()));
  }

  private interface Turn {
    int take(int number);
  }

  private static final class TestAgent implements Agent {
    private final Turn turn;
    private final BlockingQueue<String> events;
    private int turns;

    TestAgent(Turn turn, BlockingQueue<String> events) {
      this.turn = turn;
      this.events = events;
    }

    @Override
    public void onStart() {
      events.add("start");
    }

    @Override
    public int doWork() {
      return turn.take(++turns);
    }

    @Override
    public void onClose() {
      events.add("close");
    }

    @Override
    public String roleName() {
      return "tester";
    }
  }
}
