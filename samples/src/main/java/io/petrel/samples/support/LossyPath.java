package io.petrel.samples.support;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A bad network without root: hands datagrams on between one client and a server, loses some, and
 * can be cut.
 *
 * <pre>
 *   client  ---->  [ front   path   back ]  ---->  server
 *           <----                           <----
 * </pre>
 */
public final class LossyPath implements AutoCloseable {
  private static final int DATAGRAM_LIMIT = 65_536;
  private static final int BATCH = 64;

  private final DatagramChannel front;
  private final DatagramChannel back;
  private final ByteBuffer datagram = ByteBuffer.allocateDirect(DATAGRAM_LIMIT);
  private final Random random;
  private final double loss;
  private @Nullable SocketAddress client;
  private boolean cut;
  private long passed;
  private long lost;

  /**
   * Opens the path.
   *
   * @param server where it leads
   * @param loss share of the datagrams lost, each way
   * @param seed the same loses the same
   * @throws IOException when there is no socket to be had
   */
  public LossyPath(SocketAddress server, double loss, long seed) throws IOException {
    this.loss = loss;
    this.random = new Random(seed);
    SocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    front = DatagramChannel.open().bind(any);
    back = DatagramChannel.open().connect(server);
    front.configureBlocking(false);
    back.configureBlocking(false);
  }

  /**
   * What a client dials to get to the server.
   *
   * @return a URI without options
   * @throws IOException when the path is closed
   */
  public String uri() throws IOException {
    return "rudp://127.0.0.1:" + ((InetSocketAddress) front.getLocalAddress()).getPort();
  }

  /** From now on nothing passes. */
  public void cut() {
    cut = true;
  }

  /** From now on all but the usual loss passes again. */
  public void mend() {
    cut = false;
  }

  /**
   * Whether nothing passes.
   *
   * @return between cut and mend
   */
  public boolean isCut() {
    return cut;
  }

  /**
   * Datagrams handed on.
   *
   * @return so far
   */
  public long passed() {
    return passed;
  }

  /**
   * Datagrams lost.
   *
   * @return so far
   */
  public long lost() {
    return lost;
  }

  /**
   * Hands on what has come; to be called often.
   *
   * @return how many datagrams came
   * @throws IOException when the sockets fail
   */
  public int work() throws IOException {
    int count = 0;
    while (count < BATCH && forth()) {
      count++;
    }
    while (count < 2 * BATCH && back()) {
      count++;
    }
    return count;
  }

  private boolean forth() throws IOException {
    SocketAddress from = front.receive(datagram.clear());
    if (from == null) {
      return false;
    }
    client = from;
    if (passes()) {
      try {
        back.write(datagram.flip());
      } catch (PortUnreachableException e) {
        lost++; // the server is gone: what a network would lose
      }
    }
    return true;
  }

  private boolean back() throws IOException {
    try {
      if (back.read(datagram.clear()) <= 0) {
        return false;
      }
    } catch (PortUnreachableException e) {
      return false; // of a datagram before
    }
    SocketAddress to = client;
    if (to != null && passes()) {
      front.send(datagram.flip(), to);
    }
    return true;
  }

  private boolean passes() {
    boolean passes = !cut && random.nextDouble() >= loss;
    if (passes) {
      passed++;
    } else {
      lost++;
    }
    return passes;
  }

  @Override
  public void close() throws IOException {
    front.close();
    back.close();
  }
}
