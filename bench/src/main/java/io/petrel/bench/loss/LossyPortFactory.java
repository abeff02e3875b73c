package io.petrel.bench.loss;

import io.petrel.transport.Options;
import io.petrel.transport.datagram.DatagramPort;
import io.petrel.transport.datagram.DatagramPortFactory;
import io.petrel.transport.datagram.DatagramPortOptions;
import io.petrel.transport.datagram.DatagramPorts;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The kind of port {@code lossy}: the fastest of the others, which loses datagrams. Found as any
 * kind is and never chosen unless it is asked for by name, which {@link #inject} does for a whole
 * process.
 */
public final class LossyPortFactory implements DatagramPortFactory {
  private static final String NAME = "lossy";

  /** What the ports of this process lose; null: there is no loss to be had. */
  private static volatile @Nullable DatagramLoss injected;

  /** For the service loader. */
  public LossyPortFactory() {}

  /**
   * From now on whoever lets the library choose a kind of port in this process gets a lossy one.
   *
   * @param loss decides; used by the thread that uses the ports
   */
  public static void inject(DatagramLoss loss) {
    injected = loss;
    System.setProperty(Options.DATAGRAM_PORT.property(), NAME);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String unavailableBecause() {
    return injected == null ? "no loss was asked for in this process" : "";
  }

  @Override
  public int rank() {
    return Integer.MIN_VALUE;
  }

  @Override
  public DatagramPort open(DatagramPortOptions options) throws IOException {
    DatagramLoss loss = injected;
    if (loss == null) {
      throw new IOException(unavailableBecause());
    }
    return new LossyPort(DatagramPorts.choose(DatagramPorts.FASTEST).open(options), loss);
  }
}
