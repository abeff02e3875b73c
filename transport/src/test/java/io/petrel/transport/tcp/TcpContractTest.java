package io.petrel.transport.tcp;

import io.petrel.transport.Subscription;
import io.petrel.transport.Threading;
import io.petrel.transport.contract.TransportContractTest;
import io.petrel.transport.contract.TransportUnderTest;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** The contract over kernel TCP. */
class TcpContractTest extends TransportContractTest {
  TcpContractTest(Threading threading) {
    super(new Tcp(), threading);
  }

  private static final class Tcp implements TransportUnderTest {
    @Override
    public String scheme() {
      return "tcp";
    }

    @Override
    public String freshUri(String options) {
      return "tcp://127.0.0.1:0" + TransportUnderTest.query(options);
    }

    @Override
    public String uriOf(Subscription subscription, String options) {
      @Nullable InetSocketAddress address = (InetSocketAddress) subscription.localAddress();
      return "tcp://127.0.0.1:"
          + (address == null ? 0 : address.getPort())
          + TransportUnderTest.query(options);
    }
  }
}
