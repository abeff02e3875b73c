package io.petrel.transport.nio;

import io.petrel.transport.datagram.DatagramPort;
import io.petrel.transport.datagram.DatagramPortFactory;
import io.petrel.transport.datagram.DatagramPortOptions;
import java.io.IOException;

/** Opens ports on the JDK's datagram channels, on any platform. */
public final class NioDatagramPortFactory implements DatagramPortFactory {
  /** The name of this kind. */
  public static final String NAME = "nio";

  /** For {@code ServiceLoader}. */
  public NioDatagramPortFactory() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public DatagramPort open(DatagramPortOptions options) throws IOException {
    return NioDatagramPort.open(options);
  }

  @Override
  public String toString() {
    return NAME;
  }
}
