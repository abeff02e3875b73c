package io.petrel.rudp;

import io.petrel.transport.OptionGroup;
import io.petrel.transport.spi.EngineHandle;
import io.petrel.transport.spi.Transport;
import io.petrel.transport.spi.TransportProvider;

/** Makes rudp:// known. */
public final class RudpTransportProvider implements TransportProvider {
  /** For the service loader. */
  public RudpTransportProvider() {}

  @Override
  public String scheme() {
    return "rudp";
  }

  @Override
  public OptionGroup options() {
    return RudpOptions.GROUP;
  }

  @Override
  public Transport open(EngineHandle engine) {
    return new RudpTransport(engine);
  }
}
