package io.petrel.transport.tcp;

import io.petrel.transport.OptionGroup;
import io.petrel.transport.spi.EngineHandle;
import io.petrel.transport.spi.Transport;
import io.petrel.transport.spi.TransportProvider;

/** Makes tcp:// known. */
public final class TcpTransportProvider implements TransportProvider {
  /** For the service loader. */
  public TcpTransportProvider() {}

  @Override
  public String scheme() {
    return "tcp";
  }

  @Override
  public OptionGroup options() {
    return TcpOptions.GROUP;
  }

  @Override
  public Transport open(EngineHandle engine) {
    return new TcpTransport(engine);
  }
}
