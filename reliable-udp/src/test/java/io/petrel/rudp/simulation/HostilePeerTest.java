package io.petrel.rudp.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.transport.EndReason;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A client that has a session, or wants one, and speaks the protocol wrongly. Whatever it does: no
 * exception leaves the engine, memory stays within its bound, a counter says that something was
 * wrong, its session goes on or ends for the right reason, and another session feels nothing. What
 * each case did is printed at the end.
 */
class HostilePeerTest {
  private static final int RING = Attack.RING;

  /** Rings of two sessions, 64 streams each way at most, and the tables beside them. */
  private static final long MEMORY_LIMIT = 65L * 2 * RING + (1 << 20);

  private static final double GOOD_P99_LIMIT = 1.2;
  private static final List<String> ROWS = Collections.synchronizedList(new ArrayList<>());
  private static long undisturbedP99Ns;

  static Stream<HostileCases.Case> cases() {
    return HostileCases.all();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void harmsNobodyElse(HostileCases.Case attackCase) {
    if (undisturbedP99Ns == 0) {
      Attack nothing = new Attack();
      nothing.finish();
      undisturbedP99Ns = nothing.server.latencyNs(99);
    }
    Attack attack = new Attack();
    attackCase.does().accept(attack);
    attack.step(20 * Attack.MS);
    EndReason end = attack.end();
    attack.finish();
    AttackedServer server = attack.server;
    double p99 = server.latencyNs(99) / (double) undisturbedP99Ns;
    ROWS.add(
        String.format(
            Locale.ROOT,
            "%-60s %-16s %7d KiB  %-38s +%-8d %.2f",
            attackCase.name(),
            end == null ? "goes on" : end,
            server.mostMemoryBytes >> 10,
            attackCase.moves().label(),
            attack.grown(attackCase.moves()),
            p99));
    assertEquals(attackCase.end(), end, "the hostile session's end");
    assertTrue(attack.grown(attackCase.moves()) > 0, () -> attackCase.moves() + " has not moved");
    assertTrue(server.mostMemoryBytes <= MEMORY_LIMIT, () -> server.mostMemoryBytes + " bytes");
    assertEquals(List.of(), server.errors);
    assertEquals(List.of(), attack.good.errors);
    assertEquals(Attack.GOOD_MESSAGES, server.goodRead, "what the good client sent");
    assertTrue(p99 <= GOOD_P99_LIMIT, () -> "the good client's p99 is " + p99 + " times");
  }

  @AfterAll
  static void print() {
    System.out.printf(
        "%-60s %-16s %11s  %-38s  %-8s %s%n",
        "hostile peer", "its session", "memory", "counter", "", "others' p99");
    ROWS.forEach(System.out::println);
  }
}
