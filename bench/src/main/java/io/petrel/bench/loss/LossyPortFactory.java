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
 * process. Where only some engines are to lose, {@link #injectInThread} readies the kind for those
 * that ask for it.
 */
public final class LossyPortFactory implements DatagramPortFactory {
  /** What to ask for. */
  public static final String NAME = "lossy";

  /** What the ports of this process lose; null: there is no loss to be had. */
  private static volatile @Nullable DatagramLoss injected;

  /** What the ports opened by one thread lose, whatever those of others do. */
  private static final ThreadLocal<@Nullable DatagramLoss> IN_THREAD = new ThreadLocal<>();

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

  /**
   * From now on lossy ports that this thread opens lose what is decided here.
   *
   * @param loss decides; used by the thread that uses the ports
   */
  public static void injectInThread(DatagramLoss loss) {
    IN_THREAD.set(loss);
  }

  private static @Nullable DatagramLoss loss() {
    DatagramLoss own = IN_THREAD.get();
    return own != null ? own : injected;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String unavailableBecause() {
    return loss() == null ? "no loss was asked for in this process or thread" : "";
  }

  @Override
  public int rank() {
    return Integer.MIN_VALUE;
  }

  @Override
  public DatagramPort open(DatagramPortOptions options) throws IOException {
    DatagramLoss loss = loss();
    if (loss == null) {
      throw new IOException(unavailableBecause());
    }
    return new LossyPort(DatagramPorts.choose(DatagramPorts.FASTEST).open(options), loss);
  }
}
