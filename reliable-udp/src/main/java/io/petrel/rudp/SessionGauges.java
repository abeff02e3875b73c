package io.petrel.rudp;

import io.petrel.rudp.endpoint.EndpointSession;
import io.petrel.rudp.recovery.Recovery;
import io.petrel.rudp.session.Session;
import io.petrel.transport.metrics.Counters;
import io.petrel.transport.metrics.PassingGauges;
import java.util.Arrays;

/**
 * How single sessions are, in the engine's metrics file: gauges that come and go with their
 * session. As many sessions as there are places; those beyond are counted with all others only.
 */
public final class SessionGauges extends PassingGauges<EndpointSession> {
  /** Sessions that are shown one by one. */
  public static final int PLACES = 32;

  /** Type of the first gauge. */
  static final int FIRST_TYPE = 360;

  private static final Gauge[] ALL = Gauge.values();

  /** What is shown of a session; the label names its peer, the key is the session's id. */
  public enum Gauge {
    /** Smoothed round trip, in nanoseconds. */
    ROUND_TRIP("round trip, ns"),
    /** Bytes that congestion control lets be in flight. */
    WINDOW("window, bytes"),
    /** Bytes in flight. */
    IN_FLIGHT("in flight, bytes"),
    /** Bytes that wait to be sent for the first time. */
    QUEUED("queued, bytes"),
    /** Datagrams sent. */
    SENT("datagrams sent"),
    /** Datagrams received. */
    RECEIVED("datagrams received"),
    /** Datagrams with bytes sent again. */
    AGAIN("datagrams sent again"),
    /** Packets given up. */
    LOST("packets lost");

    private final String label;

    Gauge(String label) {
      this.label = label;
    }

    /** What people read. */
    public String label() {
      return label;
    }

    long of(Session session) {
      Recovery recovery = session.recovery();
      return switch (this) {
        case ROUND_TRIP -> recovery.roundTrip().smoothedNs();
        case WINDOW -> recovery.windowBytes();
        case IN_FLIGHT -> recovery.inFlightBytes();
        case QUEUED -> session.queuedBytes();
        case SENT -> session.counters().datagramsSent();
        case RECEIVED -> session.counters().datagramsReceived();
        case AGAIN -> session.counters().retransmittedDatagrams();
        case LOST -> recovery.lostPackets();
      };
    }
  }

  SessionGauges(Counters file) {
    super(file, PLACES, FIRST_TYPE, Arrays.stream(ALL).map(Gauge::label).toList());
  }

  @Override
  protected String name(EndpointSession one) {
    return "rudp " + one.remoteAddress();
  }

  @Override
  protected long key(EndpointSession one) {
    return one.session().parameters().localId();
  }

  @Override
  protected long value(EndpointSession one, int gauge) {
    return ALL[gauge].of(one.session());
  }
}
