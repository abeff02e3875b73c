package io.petrel.transport.aeron;

import io.petrel.transport.Subscription;
import io.petrel.transport.Threading;
import io.petrel.transport.contract.TransportContractTest;
import io.petrel.transport.contract.TransportUnderTest;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract over Aeron's UDP, an embedded media driver at each end. */
class AeronContractTest extends TransportContractTest {
  /** Aeron waits ten and five seconds where peers vanish without a word; these tests need not. */
  private static final Map<String, String> IMPATIENCE =
      Map.of(
          "aeron.image.liveness.timeout", "1s",
          // Longer than between two heartbeats, which say where the stream ends.
          "aeron.publication.linger.timeout", "500ms",
          "aeron.publication.connection.timeout", "1s");

  AeronContractTest(Threading threading) {
    super(new AeronUdp(), threading);
  }

  @BeforeAll
  static void hurry() {
    IMPATIENCE.forEach(System::setProperty);
  }

  @AfterAll
  static void restore() {
    IMPATIENCE.keySet().forEach(System::clearProperty);
  }

  private static final class AeronUdp implements TransportUnderTest {
    private static final int LEAST_TERM = 64 * 1024;
    private static final Pattern RING = Pattern.compile("ring=([0-9]+)KiB");

    @Override
    public String scheme() {
      return "aeron";
    }

    @Override
    public String freshUri(String options) {
      return "aeron:udp?endpoint=127.0.0.1:0" + terms(options);
    }

    @Override
    public String uriOf(Subscription subscription, String options) {
      @Nullable InetSocketAddress address = (InetSocketAddress) subscription.localAddress();
      return "aeron:udp?endpoint=127.0.0.1:"
          + (address == null ? 0 : address.getPort())
          + terms(options);
    }

    /** A ring is three terms here, of 64 KiB at least. */
    private static String terms(String options) {
      Matcher ring = RING.matcher(options);
      return ring.matches()
          ? "|term-length=" + Math.max(LEAST_TERM, Integer.parseInt(ring.group(1)) * 1024)
          : "";
    }

    @Override
    public int messageLimit(int capacity) {
      return Math.max(capacity, LEAST_TERM) / 8;
    }

    @Override
    public boolean acknowledges() {
      return false;
    }

    /** Each round launches and ends two media drivers. */
    @Override
    public int rounds() {
      return 3;
    }

    @Override
    public Map<String, String> inapplicable() {
      String noSessions = "Aeron has no duplex sessions; a publication goes one way";
      Map<String, String> reasons = new HashMap<>();
      reasons.put("carriesStreamsBothWaysInOneSession", noSessions);
      reasons.put("keepsWhatAnEndedSessionDeliveredUntilItIsRead", noSessions);
      reasons.put("letsInOnlyWhomTheFilterAccepts", noSessions);
      reasons.put(
          "boundsTheSessionsItAccepts",
          "the bound is no parameter of Aeron's URI; Aeron's own tests set it on the Context");
      reasons.put(
          "allocatesNothingInSteadyState",
          "Aeron's embedded driver, which our turns run, makes an ArrayList.iterator in each turn"
              + " of its sender (ControlTransportPoller.pollTransports): in some runs the compiler"
              + " takes it away and there are windows of 0 B, in others not; recorded allocations"
              + " show nothing of ours but while closing");
      reasons.put("tellsWhatThePeerHas", "Aeron tells a publisher what was sent, never more");
      reasons.put(
          "reconnectsAndGivesBackWhatWasNotAcknowledged",
          "an Aeron publication outlives its subscribers: there is no session to lose");
      reasons.put(
          "refusesWhatIsWrongByNameAndSaysWhatWouldBeRight",
          "the URI's parameters are Aeron's own, and those unknown to it are ignored by it");
      return reasons;
    }
  }
}
