package io.petrel.transport.datagram;

import io.petrel.transport.metrics.Counters;
import io.petrel.transport.metrics.PassingGauges;
import java.util.Arrays;

/**
 * How an engine's ports are, in its metrics file, as long as they are open: of which kind, and
 * whether trains leave by one call. What the kernel dropped is not among it: to know costs a look
 * through the system's table of sockets, so whoever reads the file looks there, by the key.
 */
public final class PortGauges extends PassingGauges<DatagramPort> {
  /** Ports that are shown. */
  public static final int PLACES = 16;

  /** Type of the first gauge. */
  public static final int FIRST_TYPE = 500;

  /** Type under which a reader of the file shows what the kernel dropped. */
  public static final int KERNEL_DROPS_TYPE = FIRST_TYPE + 20;

  /** What that is called. */
  public static final String KERNEL_DROPS = "datagrams dropped by the kernel";

  private static final Gauge[] ALL = Gauge.values();

  /** What is shown of a port; the label names its kind and address, the key its socket. */
  public enum Gauge {
    /** Whether a train leaves by one system call: 1, or 0 where it is cut up here. */
    OFFLOAD("segmentation offload"),
    /** Times it gave up segmentation offload for good: 0 or 1. */
    FALLBACKS("offload fallbacks"),
    /** Trains sent. */
    TRAINS("trains sent"),
    /** Sends turned away because the send buffer was full. */
    WOULD_BLOCK("sends that would block"),
    /** Bytes of receive buffer that the system granted. */
    RECEIVE_BUFFER("receive buffer, bytes");

    private final String label;

    Gauge(String label) {
      this.label = label;
    }

    /** What people read. */
    public String label() {
      return label;
    }

    private long of(DatagramPort port) {
      return switch (this) {
        case OFFLOAD -> port.segmentationOffload() ? 1 : 0;
        case FALLBACKS -> port.statistics().offloadFallbacks;
        case TRAINS -> port.statistics().trainsSent;
        case WOULD_BLOCK -> port.statistics().sendWouldBlock;
        case RECEIVE_BUFFER -> port.receiveBufferBytes();
      };
    }
  }

  /**
   * No port yet.
   *
   * @param file where they are shown
   */
  public PortGauges(Counters file) {
    super(file, PLACES, FIRST_TYPE, Arrays.stream(ALL).map(Gauge::label).toList());
  }

  @Override
  protected String name(DatagramPort port) {
    return "port " + port.kind() + " " + port.localAddress();
  }

  @Override
  protected long key(DatagramPort port) {
    return port.socketId();
  }

  @Override
  protected long value(DatagramPort port, int gauge) {
    return ALL[gauge].of(port);
  }
}
