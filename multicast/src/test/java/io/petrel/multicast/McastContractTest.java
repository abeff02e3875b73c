package io.petrel.multicast;

import io.petrel.transport.Subscription;
import io.petrel.transport.Threading;
import io.petrel.transport.contract.TransportContractTest;
import io.petrel.transport.contract.TransportUnderTest;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * The contract over a group on the loopback interface, the source waiting for its slowest receiver:
 * without that a reader that is slow loses, and is told so.
 */
class McastContractTest extends TransportContractTest {
  private static final Map<String, String> SETTINGS =
      Map.of(
          "petrel.interface", "lo",
          "petrel.fc", "slowest",
          "petrel.start", "60s",
          "petrel.patience", "60s",
          "petrel.exclude", "100%");

  McastContractTest(Threading threading) {
    super(new Mcast(), threading);
  }

  @BeforeAll
  static void setUp() {
    SETTINGS.forEach(System::setProperty);
  }

  @AfterAll
  static void tearDown() {
    SETTINGS.keySet().forEach(System::clearProperty);
  }

  private static final class Mcast implements TransportUnderTest {
    private static final String NO_SESSIONS = "a group has no duplex sessions and no listeners";

    @Override
    public String scheme() {
      return "mcast";
    }

    @Override
    public String freshUri(String options) {
      return Groups.fresh() + TransportUnderTest.query(options);
    }

    @Override
    public String uriOf(Subscription subscription, String options) {
      InetSocketAddress group =
          (InetSocketAddress) Objects.requireNonNull(subscription.localAddress());
      return "mcast://"
          + group.getAddress().getHostAddress()
          + ":"
          + group.getPort()
          + TransportUnderTest.query(options);
    }

    @Override
    public Map<String, String> inapplicable() {
      Map<String, String> reasons = new HashMap<>();
      reasons.put(
          "connectsToALateSubscriber",
          "a group needs nobody: what is offered goes out and is kept for the window");
      reasons.put(
          "reconnectsAndGivesBackWhatWasNotAcknowledged",
          "a publication outlives its receivers and has nothing to connect");
      reasons.put("carriesStreamsBothWaysInOneSession", NO_SESSIONS);
      reasons.put("keepsWhatAnEndedSessionDeliveredUntilItIsRead", NO_SESSIONS);
      reasons.put("letsInOnlyWhomTheFilterAccepts", NO_SESSIONS);
      reasons.put(
          "boundsTheSessionsItAccepts",
          "a source that a subscription has no place for is not told; HostileInputTest bounds"
              + " them");
      reasons.put(
          "isToldWhenThePublishersProcessIsKilled",
          "nothing but silence tells of that; McastSocketsTest shows it at a shorter timeout");
      return reasons;
    }
  }
}
