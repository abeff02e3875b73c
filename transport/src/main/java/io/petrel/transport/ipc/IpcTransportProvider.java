package io.petrel.transport.ipc;

import io.petrel.transport.OptionGroup;
import io.petrel.transport.spi.EngineHandle;
import io.petrel.transport.spi.Transport;
import io.petrel.transport.spi.TransportProvider;

/** Makes {@code ipc://} known. */
public final class IpcTransportProvider implements TransportProvider {
  /** For the service loader. */
  public IpcTransportProvider() {}

  @Override
  public String scheme() {
    return "ipc";
  }

  @Override
  public OptionGroup options() {
    return IpcOptions.GROUP;
  }

  @Override
  public boolean resolvesHost() {
    return false;
  }

  @Override
  public Transport open(final EngineHandle engine) {
    return new IpcTransport(engine);
  }
}
