package io.petrel.transport.aeron;

import io.petrel.transport.OptionGroup;
import io.petrel.transport.PetrelException;
import io.petrel.transport.spi.EngineHandle;
import io.petrel.transport.spi.Transport;
import io.petrel.transport.spi.TransportProvider;

/** Makes {@code aeron:} known, whether Aeron is there or not. */
public final class AeronTransportProvider implements TransportProvider {
  private static final String CLIENT = "io.aeron.Aeron";
  private static final String DRIVER = "io.aeron.driver.MediaDriver";

  /** For the service loader. */
  public AeronTransportProvider() {}

  @Override
  public String scheme() {
    return "aeron";
  }

  @Override
  public OptionGroup options() {
    return AeronOptions.GROUP;
  }

  @Override
  public boolean resolvesHost() {
    return false;
  }

  @Override
  public Transport open(EngineHandle engine) {
    boolean embedded = engine.context().value(AeronOptions.DIRECTORY).equals(AeronOptions.EMBEDDED);
    require(AeronTransportProvider.class.getClassLoader(), embedded);
    return new AeronTransport(engine, embedded);
  }

  /** Says what is absent, before anything of Aeron is touched. */
  static void require(ClassLoader loader, boolean embedded) {
    require(loader, CLIENT, "io.aeron:aeron-client");
    if (embedded) {
      require(loader, DRIVER, "io.aeron:aeron-driver");
    }
  }

  private static void require(ClassLoader loader, String type, String artifact) {
    try {
      Class.forName(type, false, loader);
    } catch (ClassNotFoundException e) {
      throw new PetrelException(
          "aeron: needs "
              + artifact
              + " on the class path, an optional dependency that is not there: add that artifact,"
              + " version 1.51.0 or near it",
          e);
    }
  }
}
