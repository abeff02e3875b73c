package io.petrel.rudp.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.codecs.FrameCursor;
import io.petrel.codecs.wire.PathChallengeFrameDecoder;
import io.petrel.rudp.congestion.CongestionController;
import io.petrel.rudp.endpoint.EndpointCounters;
import io.petrel.rudp.endpoint.EndpointSession;
import io.petrel.transport.datagram.EndpointAddress;
import io.petrel.transport.simulation.DatagramView;
import io.petrel.transport.simulation.NetworkObserver;
import java.util.List;
import java.util.Objects;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.Test;

/** What a session does when its peer is seen at another address. */
class PathChangeTest {
  private static final long MS = 1_000_000;
  private static final long SECOND = 1_000 * MS;

  @Test
  void followsAPeerThatMovesAndLosesNothing() {
    Scenario scenario = busyBothWays();
    for (int move = 1; move <= 3; move++) {
      int host = move;
      scenario.network.at(move * SECOND, () -> scenario.moveClient(host));
    }
    assertTrue(scenario.start().runUntilDelivered(60 * SECOND), scenario::report);
    assertIntact(scenario);
    assertEquals(3, scenario.network.rebinds());
    assertEquals(3, counters(scenario).addressChanges());
    assertEquals(3, counters(scenario).pathValidations());
    assertEquals(0, counters(scenario).pathReturns());
    assertTrue(serverSession(scenario).remoteAddress().equals(clientAddress(scenario)));
  }

  @Test
  void aBusySessionGetsASocketOfItsOwnAgainWhenItsNewPathIsProven() {
    Scenario scenario = busyBothWays().start();
    scenario.simulation.runUntil(SECOND);
    assertTrue(serverSession(scenario).isPromoted());
    scenario.moveClient(1);
    scenario.simulation.runUntil(() -> serverSession(scenario).isMoving(), 2 * SECOND);
    scenario.simulation.runUntil(scenario.network.clock().nowNs() + MS);
    assertFalse(serverSession(scenario).isPromoted(), "not before its path is proven");
    scenario.simulation.runUntil(2 * SECOND);
    assertTrue(serverSession(scenario).isPromoted());
    assertEquals(2, counters(scenario).promotions());
    assertTrue(scenario.runUntilDelivered(60 * SECOND), scenario::report);
    assertIntact(scenario);
  }

  @Test
  void anotherHostMeansAnotherPathOfWhichNothingIsKnown() {
    Scenario scenario = busyBothWays().start();
    scenario.simulation.runUntil(SECOND);
    CongestionController before = serverSession(scenario).session().controller();
    scenario.moveClient(1);
    runUntilProven(scenario, 1);
    assertNotSame(before, serverSession(scenario).session().controller());
    assertTrue(serverSession(scenario).session().recovery().windowBytes() <= 14_080 * 2);
    assertTrue(scenario.runUntilDelivered(60 * SECOND), scenario::report);
    assertIntact(scenario);
  }

  @Test
  void anotherPortOnlyMeansTheSamePath() {
    Scenario scenario = busyBothWays().start();
    scenario.simulation.runUntil(SECOND);
    CongestionController before = serverSession(scenario).session().controller();
    scenario.clientPort().changeVisiblePort(50_123);
    runUntilProven(scenario, 1);
    assertSame(before, serverSession(scenario).session().controller());
    assertEquals(50_123, serverSession(scenario).remoteAddress().port());
    assertTrue(scenario.runUntilDelivered(60 * SECOND), scenario::report);
    assertIntact(scenario);
  }

  @Test
  void sendsAtMostThreeTimesWhatCameFromAnAddressThatIsNotProven() {
    Scenario scenario = busyBothWays().start();
    scenario.simulation.runUntil(SECOND);
    scenario.moveClient(1);
    EndpointAddress unproven = clientAddress(scenario);
    Bytes bytes = new Bytes(unproven);
    scenario.network.observe(bytes);
    scenario.simulation.runUntil(() -> serverSession(scenario).isMoving(), 2 * SECOND);
    scenario.forth.down(true); // the answer to the challenge never comes
    scenario.simulation.runUntil(10 * SECOND);
    assertTrue(bytes.received > 0 && bytes.sent > 0, bytes::toString);
    assertTrue(bytes.sent <= 3 * bytes.received, bytes::toString);
    assertTrue(bytes.challenges > 1, "a lost challenge is repeated: " + bytes);
  }

  @Test
  void returnsToTheLastGoodPathWhenThePeerDoesNotProveItsNewOne() {
    Scenario scenario = busyBothWays().start();
    EndpointAddress home = clientAddress(scenario).copy();
    scenario.simulation.runUntil(SECOND);
    scenario.moveClient(1);
    scenario.simulation.runUntil(() -> serverSession(scenario).isMoving(), 2 * SECOND);
    scenario.forth.down(true);
    scenario.simulation.runUntil(() -> !serverSession(scenario).isMoving(), 30 * SECOND);
    assertEquals(home, serverSession(scenario).remoteAddress());
    assertEquals(1, counters(scenario).pathFailures());
    assertEquals(1, counters(scenario).pathReturns());
    scenario.clientHost.changeAddress(home);
    scenario.forth.down(false);
    assertTrue(scenario.runUntilDelivered(60 * SECOND), scenario::report);
    assertIntact(scenario);
    assertEquals(0, counters(scenario).pathValidations());
  }

  @Test
  void aPeerThatComesBackBeforeItHasProvenAnythingIsBelievedAtOnce() {
    Scenario scenario = busyBothWays().start();
    EndpointAddress home = clientAddress(scenario).copy();
    scenario.simulation.runUntil(SECOND);
    scenario.moveClient(1);
    scenario.simulation.runUntil(() -> serverSession(scenario).isMoving(), 2 * SECOND);
    scenario.clientHost.changeAddress(home);
    scenario.simulation.runUntil(() -> !serverSession(scenario).isMoving(), 2 * SECOND);
    assertEquals(home, serverSession(scenario).remoteAddress());
    assertEquals(1, counters(scenario).pathReturns());
    assertTrue(scenario.runUntilDelivered(60 * SECOND), scenario::report);
    assertIntact(scenario);
  }

  @Test
  void aLatePacketFromTheOldAddressMovesNobody() {
    Scenario scenario = busyBothWays();
    scenario.start();
    scenario.simulation.runUntil(SECOND);
    scenario.forth.reorder(0.3, 200 * MS); // long after the client will be heard from elsewhere
    scenario.simulation.runUntil(SECOND + 50 * MS);
    scenario.moveClient(1);
    scenario.forth.reorder(0, 0);
    assertTrue(scenario.runUntilDelivered(60 * SECOND), scenario::report);
    assertIntact(scenario);
    assertTrue(counters(scenario).wrongAddress() > 1, "some came late from the old address");
    assertEquals(1, counters(scenario).addressChanges());
    assertEquals(1, counters(scenario).pathValidations());
  }

  @Test
  void aClientThatMovesDuringItsHandshakeIsTakenToBeTheSame() {
    for (long atNs = MS; atNs <= 50 * MS; atNs += MS) {
      Scenario scenario = new Scenario(atNs).rate(50_000_000).delay(10 * MS);
      scenario.clientWorkload = Workload.bytes(50_000);
      scenario.network.at(atNs, () -> scenario.moveClient(1));
      assertTrue(scenario.start().runUntilDelivered(30 * SECOND), scenario::report);
      assertIntact(scenario);
      assertEquals(1, counters(scenario).accepted(), "moved at " + atNs);
    }
  }

  @Test
  void anIdleSessionFollowsWithItsNextSignOfLife() {
    Scenario scenario = new Scenario(7).rate(50_000_000).delay(10 * MS);
    scenario.clientWorkload = new Workload(1, 100, 0);
    assertTrue(scenario.start().runUntilDelivered(SECOND), scenario::report);
    EndpointAddress home = clientAddress(scenario).copy();
    scenario.moveClient(1);
    scenario.simulation.runUntil(60 * SECOND);
    assertNotEquals(home, serverSession(scenario).remoteAddress());
    assertEquals(1, counters(scenario).pathValidations());
    assertTrue(serverSession(scenario).session().isOpen());
  }

  private static Scenario busyBothWays() {
    Scenario scenario = new Scenario(4).rate(10_000_000).delay(10 * MS).congestion("cubic");
    scenario.forth.queueTime(40 * MS);
    scenario.back.queueTime(40 * MS);
    scenario.clientWorkload = Workload.bytes(4_000_000);
    scenario.serverWorkload = Workload.bytes(4_000_000);
    return scenario;
  }

  private static void runUntilProven(Scenario scenario, long times) {
    scenario.simulation.runUntil(() -> counters(scenario).pathValidations() == times, 10 * SECOND);
    assertEquals(times, counters(scenario).pathValidations());
  }

  private static EndpointAddress clientAddress(Scenario scenario) {
    return scenario.clientHost.address().port(scenario.clientPort().localAddress().port());
  }

  private static EndpointSession serverSession(Scenario scenario) {
    return Objects.requireNonNull(scenario.server().session);
  }

  private static EndpointCounters counters(Scenario scenario) {
    return scenario.server().endpoint().counters();
  }

  private static void assertIntact(Scenario scenario) {
    assertEquals(List.of(), scenario.client().errors);
    assertEquals(List.of(), scenario.server().errors);
    assertTrue(scenario.network.isBalanced());
  }

  /** What comes from an address, and what goes there. */
  private static final class Bytes implements NetworkObserver {
    private final EndpointAddress address;
    private final FrameCursor cursor = new FrameCursor();
    private long received;
    private long sent;
    private long challenges;

    Bytes(EndpointAddress address) {
      this.address = address;
    }

    @Override
    public void onDelivered(long nowNs, DatagramView datagram) {
      received += datagram.source().equals(address) ? datagram.length() : 0;
    }

    @Override
    public void onSent(long nowNs, DatagramView datagram) {
      if (datagram.destination().equals(address)) {
        sent += datagram.length();
        challenges += carriesChallenge(datagram.buffer(), datagram.length()) ? 1 : 0;
      }
    }

    private boolean carriesChallenge(DirectBuffer buffer, int length) {
      cursor.wrap(buffer, 0, length);
      while (cursor.next()) {
        if (cursor.templateId() == PathChallengeFrameDecoder.TEMPLATE_ID) {
          return true;
        }
      }
      return false;
    }

    @Override
    public String toString() {
      return received + " bytes received, " + sent + " sent, " + challenges + " challenges";
    }
  }
}
