package io.petrel.transport.ipc;

import io.petrel.transport.Subscription;
import io.petrel.transport.Threading;
import io.petrel.transport.contract.TransportContractTest;
import io.petrel.transport.contract.TransportUnderTest;
import java.util.Map;
import java.util.UUID;

/** The contract over shared memory. */
class IpcContractTest extends TransportContractTest {
  IpcContractTest(Threading threading) {
    super(new Ipc(), threading);
  }

  private static final class Ipc implements TransportUnderTest {
    @Override
    public String scheme() {
      return "ipc";
    }

    @Override
    public String freshUri(String options) {
      return "ipc://contract-" + UUID.randomUUID() + TransportUnderTest.query(options);
    }

    @Override
    public String uriOf(Subscription subscription, String options) {
      return "ipc://" + subscription.channel().host() + TransportUnderTest.query(options);
    }

    @Override
    public Map<String, String> inapplicable() {
      String noSessions =
          "ipc has no duplex sessions: one ring, everybody at a position of his own";
      return Map.of(
          "carriesStreamsBothWaysInOneSession",
          noSessions,
          "keepsWhatAnEndedSessionDeliveredUntilItIsRead",
          noSessions,
          "letsInOnlyWhomTheFilterAccepts",
          noSessions,
          "boundsTheSessionsItAccepts",
          "the table of positions bounds them, which ipc's own tests fill",
          "connectsToALateSubscriber",
          "what is published before a subscriber is there is kept in the ring",
          "reconnectsAndGivesBackWhatWasNotAcknowledged",
          "nothing is ever lost with a subscriber: the ring stays, and so do its positions");
    }
  }
}
