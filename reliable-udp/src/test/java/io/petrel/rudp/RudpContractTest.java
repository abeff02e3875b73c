package io.petrel.rudp;

import io.petrel.transport.Subscription;
import io.petrel.transport.Threading;
import io.petrel.transport.contract.TransportContractTest;
import io.petrel.transport.contract.TransportUnderTest;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** The contract over reliable UDP. */
class RudpContractTest extends TransportContractTest {
  RudpContractTest(Threading threading) {
    super(new Rudp(), threading);
  }

  private static final class Rudp implements TransportUnderTest {
    @Override
    public String scheme() {
      return "rudp";
    }

    @Override
    public String freshUri(String options) {
      return "rudp://127.0.0.1:0" + TransportUnderTest.query(options);
    }

    @Override
    public String uriOf(Subscription subscription, String options) {
      @Nullable InetSocketAddress address = (InetSocketAddress) subscription.localAddress();
      return "rudp://127.0.0.1:"
          + (address == null ? 0 : address.getPort())
          + TransportUnderTest.query(options);
    }
  }
}
