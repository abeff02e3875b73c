package io.petrel.multicast;

import io.petrel.transport.OptionGroup;
import io.petrel.transport.spi.EngineHandle;
import io.petrel.transport.spi.Transport;
import io.petrel.transport.spi.TransportProvider;

/** Makes mcast:// known. */
public final class McastTransportProvider implements TransportProvider {
  /** For the service loader. */
  public McastTransportProvider() {}

  @Override
  public String scheme() {
    return "mcast";
  }

  @Override
  public OptionGroup options() {
    return McastOptions.GROUP;
  }

  @Override
  public Transport open(EngineHandle engine) {
    return new McastTransport(engine);
  }
}
