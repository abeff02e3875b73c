package io.petrel.transport.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.transport.datagram.DatagramFraming;
import io.petrel.transport.datagram.DatagramPortOptions;
import io.petrel.transport.datagram.EndpointAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class SimulationTest {
  private static final int LENGTH = 200;

  private final SimulatedNetwork network = new SimulatedNetwork(1);
  private final Simulation simulation = new Simulation(network);

  /** Sends a datagram at each of its ticks and counts what comes. */
  private static final class Ticker implements SimulatedEndpoint {
    private final SimulatedPort port;
    private final EndpointAddress peer;
    private final long intervalNs;
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[LENGTH]);
    private final List<Long> workedAt = new ArrayList<>();
    private int ticksLeft;
    private long nextTickNs;
    private int received;

    Ticker(SimulatedPort port, EndpointAddress peer, int ticks, long intervalNs, long startNs) {
      this.port = port;
      this.peer = peer;
      this.intervalNs = intervalNs;
      ticksLeft = ticks;
      nextTickNs = startNs + intervalNs;
    }

    @Override
    public int work(long nowNs) {
      workedAt.add(nowNs);
      int work = port.receive((b, offset, length, source) -> received++, 10);
      if (ticksLeft > 0 && nowNs - nextTickNs >= 0) {
        buffer.putInt(0, ticksLeft--);
        port.send(buffer, 0, LENGTH, peer);
        nextTickNs += intervalNs;
        work++;
      }
      return work;
    }

    @Override
    public long nextDeadlineNs() {
      return ticksLeft > 0 ? nextTickNs : NO_DEADLINE;
    }
  }

  private SimulatedPort port(SimulatedHost host) {
    try {
      return host.open(9000, new DatagramPortOptions().framing(DatagramFraming.NONE));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void goesStraightFromOneEventToTheNextUntilNothingIsLeft() {
    SimulatedHost one = network.host().egress(network.link("out").delay(5_000_000));
    SimulatedHost other = network.host();
    SimulatedPort target = port(other);
    Ticker sender = new Ticker(port(one), target.localAddress(), 3, 1_000_000_000L, 0);
    Ticker receiver = new Ticker(target, one.address(), 0, 1, 0);
    simulation.add(one, sender);
    simulation.add(other, receiver);

    assertEquals(Simulation.Outcome.QUIET, simulation.runUntil(Long.MAX_VALUE - 1));

    assertEquals(3, receiver.received);
    assertEquals(3_005_000_000L, network.clock().nowNs());
    assertEquals(6, simulation.turns(), "three ticks and three arrivals");
  }

  @Test
  void stopsAtTheLimitAndGoesOnFromThere() {
    SimulatedHost host = network.host();
    Ticker ticker = new Ticker(port(host), EndpointAddress.of("10.9.9.9", 1), 10, 1_000, 0);
    simulation.add(host, ticker);

    assertEquals(Simulation.Outcome.LIMIT, simulation.runUntil(3_500));
    assertEquals(3_500, network.clock().nowNs());
    assertEquals(7, ticker.ticksLeft);
    assertEquals(Simulation.Outcome.DONE, simulation.runUntil(() -> ticker.ticksLeft == 5, 9_000));
    assertEquals(5_000, network.clock().nowNs());
  }

  @Test
  void showsEachHostItsOwnClockAlsoAcrossTheWrapAndAfterJumps() {
    SimulatedHost host = network.host();
    host.jumpClock(Long.MAX_VALUE - 2_500);
    long startNs = host.nowNs();
    Ticker ticker = new Ticker(port(host), EndpointAddress.of("10.9.9.9", 1), 10, 1_000, startNs);
    simulation.add(host, ticker);

    simulation.runUntil(4_000);
    assertEquals(6, ticker.ticksLeft);
    assertTrue(host.nowNs() < 0, "the clock wrapped: " + host.nowNs());
    network.at(4_500, () -> host.jumpClock(2_000)); // two ticks are due at once
    simulation.runUntil(4_500);
    assertEquals(4, ticker.ticksLeft);
    network.at(4_600, () -> host.jumpClock(-2_000)); // and none for a while
    simulation.runUntil(6_900);
    assertEquals(4, ticker.ticksLeft);
    simulation.runUntil(7_000);
    assertEquals(3, ticker.ticksLeft);
  }

  @Test
  void callsAnEndpointThatItsUserGaveWork() {
    SimulatedHost host = network.host();
    Ticker ticker = new Ticker(port(host), EndpointAddress.of("10.9.9.9", 1), 0, 1, 0);
    simulation.add(host, ticker);
    simulation.runUntil(10);
    int calls = ticker.workedAt.size();
    network.advanceTo(20);
    simulation.runUntil(20);
    assertEquals(calls, ticker.workedAt.size(), "no cause to call it");
    simulation.wake(ticker);
    simulation.runUntil(30);
    assertEquals(20, ticker.workedAt.getLast());
  }

  @Test
  void saysWhoRunsInCircles() {
    SimulatedHost host = network.host();
    SimulatedEndpoint stuck =
        new SimulatedEndpoint() {
          @Override
          public int work(long nowNs) {
            return 0;
          }

          @Override
          public long nextDeadlineNs() {
            return 0; // already past
          }

          @Override
          public String toString() {
            return "the stuck one";
          }
        };
    simulation.add(host, stuck);
    String message =
        assertThrows(IllegalStateException.class, () -> simulation.runUntil(10)).getMessage();
    assertTrue(String.valueOf(message).startsWith("the stuck one on host 10.0.0.1"), message);
  }

  @Test
  void repeatsByteForByteForASeedAndDiffersForAnother() {
    assertEquals(traceOf(5), traceOf(5));
    assertNotEquals(traceOf(5), traceOf(6));
  }

  /** A checksum over everything that arrives, when, and what is dropped, among 50 hosts. */
  private static long traceOf(long seed) {
    SimulatedNetwork network = new SimulatedNetwork(seed);
    Simulation simulation = new Simulation(network);
    SimulatedLink shared = network.link("shared").rate(50_000_000).queueTime(3_000_000).loss(0.02);
    shared.delay(1_000_000).jitter(300_000).reorder(0.01, 800_000).duplicate(0.01).corrupt(0.02);
    CRC32C trace = new CRC32C();
    UnsafeBuffer line = new UnsafeBuffer(new byte[2 * Long.BYTES + LENGTH]);
    network.observe(
        new NetworkObserver() {
          @Override
          public void onDelivered(long nowNs, DatagramView datagram) {
            add(nowNs, datagram, -1);
          }

          @Override
          public void onDropped(long nowNs, DatagramView datagram, DropCause cause) {
            add(nowNs, datagram, cause.name().hashCode());
          }

          private void add(long nowNs, DatagramView datagram, int fate) {
            line.putLong(0, nowNs);
            line.putInt(8, fate);
            line.putInt(12, datagram.source().hashCode());
            line.putBytes(16, datagram.buffer(), 0, LENGTH);
            trace.update(line.byteArray());
          }
        });
    SeededRandom random = new SeededRandom(seed).fork("test");
    for (int i = 0; i < 50; i++) {
      SimulatedHost host = network.host().egress(shared);
      try {
        SimulatedPort port =
            host.open(9000, new DatagramPortOptions().framing(DatagramFraming.NONE));
        EndpointAddress peer = EndpointAddress.of("10.0.0." + random.between(1, 50), 9000);
        simulation.add(host, new Ticker(port, peer, 100, random.between(100_000, 900_000), 0));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
    simulation.runUntil(1_000_000_000L);
    assertTrue(network.delivered() > 1_000, network.toString());
    assertTrue(network.drops() > 50, network.toString());
    return trace.getValue();
  }
}
