package io.petrel.bench.rig;

import io.petrel.bench.peer.Endpoint;
import io.petrel.bench.peer.Peer;
import io.petrel.bench.peer.Peers;
import io.petrel.bench.peer.Setup;
import java.io.IOException;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Kernel TCP with a fault of a known amount at the initiator's sending side. */
public abstract class FaultyPeer implements Peer {
  static final int EVERY = 1_000;
  static final long DELAY_NS = 300_000;

  private final String name;

  FaultyPeer(String name) {
    this.name = name;
  }

  /** Loses every thousandth message. */
  public static final class Losing extends FaultyPeer {
    public Losing() {
      super("losing");
    }

    @Override
    boolean send(Endpoint next, long count, DirectBuffer buffer, int offset, int length) {
      return count % EVERY == 0 || next.send(buffer, offset, length);
    }
  }

  /** Sends every thousandth message again. */
  public static final class Repeating extends FaultyPeer {
    public Repeating() {
      super("repeating");
    }

    @Override
    boolean send(Endpoint next, long count, DirectBuffer buffer, int offset, int length) {
      if (!next.send(buffer, offset, length)) {
        return false;
      }
      while (count % EVERY == 0 && !next.send(buffer, offset, length)) {
        Thread.onSpinWait();
      }
      return true;
    }
  }

  /** Changes one byte of every thousandth message. */
  public static final class Damaging extends FaultyPeer {
    private final UnsafeBuffer copy = new UnsafeBuffer(new byte[64 * 1024]);

    public Damaging() {
      super("damaging");
    }

    @Override
    boolean send(Endpoint next, long count, DirectBuffer buffer, int offset, int length) {
      if (count % EVERY != 0) {
        return next.send(buffer, offset, length);
      }
      copy.putBytes(0, buffer, offset, length);
      copy.putByte(length - 1, (byte) (copy.getByte(length - 1) ^ 1));
      return next.send(copy, 0, length);
    }
  }

  /** Holds every message back for a while. */
  public static final class Delaying extends FaultyPeer {
    public Delaying() {
      super("delaying");
    }

    @Override
    boolean send(Endpoint next, long count, DirectBuffer buffer, int offset, int length) {
      long startNs = System.nanoTime();
      while (System.nanoTime() - startNs < DELAY_NS) {
        Thread.onSpinWait();
      }
      return next.send(buffer, offset, length);
    }
  }

  /** Sends message number {@code count} with the fault. */
  abstract boolean send(Endpoint next, long count, DirectBuffer buffer, int offset, int length);

  @Override
  public String name() {
    return name;
  }

  @Override
  public Endpoint open(Setup setup) throws IOException {
    Endpoint next = Peers.named("tcp-raw").open(setup);
    return setup.initiator() ? new FaultyEndpoint(next, this) : next;
  }

  private static final class FaultyEndpoint implements Endpoint {
    private final Endpoint next;
    private final FaultyPeer fault;
    private long count = 1;

    FaultyEndpoint(Endpoint next, FaultyPeer fault) {
      this.next = next;
      this.fault = fault;
    }

    @Override
    public boolean connected() {
      return next.connected();
    }

    @Override
    public boolean send(DirectBuffer buffer, int offset, int length) {
      boolean accepted = fault.send(next, count, buffer, offset, length);
      count += accepted ? 1 : 0;
      return accepted;
    }

    @Override
    public int poll(MessageSink sink) {
      return next.poll(sink);
    }

    @Override
    public String settings() {
      return next.settings();
    }

    @Override
    public void close() {
      next.close();
    }
  }
}
