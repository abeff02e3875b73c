package io.petrel.rudp;

import io.petrel.rudp.endpoint.EndpointSession;
import io.petrel.rudp.recovery.Recovery;
import io.petrel.rudp.session.Session;
import io.petrel.transport.metrics.Counter;
import io.petrel.transport.metrics.Counters;
import org.jspecify.annotations.Nullable;

/**
 * How single sessions are, in the engine's metrics file: gauges that come and go with their
 * session. As many sessions as there are places; those beyond are counted with all others only.
 */
public final class SessionGauges {
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
        case SENT -> session.counters().datagramsSent();
        case RECEIVED -> session.counters().datagramsReceived();
        case AGAIN -> session.counters().retransmittedDatagrams();
        case LOST -> recovery.lostPackets();
      };
    }
  }

  private final Counters file;
  private final @Nullable Session[] sessions = new Session[PLACES];
  private final Counter[][] gauges = new Counter[PLACES][0];
  private final boolean[] seen = new boolean[PLACES];

  SessionGauges(Counters file) {
    this.file = file;
  }

  /** Those that {@link #show} does not name before {@link #end} are gone. */
  void begin() {
    for (int i = 0; i < PLACES; i++) {
      seen[i] = false;
    }
  }

  void show(EndpointSession one) {
    Session session = one.session();
    int place = placeOf(session);
    if (place < 0) {
      place = placeOf(null);
      if (place < 0) {
        return;
      }
      sessions[place] = session;
      gauges[place] = open("rudp " + one.remoteAddress() + " ", session.parameters().localId());
    }
    seen[place] = true;
    for (int i = 0; i < ALL.length; i++) {
      gauges[place][i].set(ALL[i].of(session));
    }
  }

  void end() {
    for (int i = 0; i < PLACES; i++) {
      if (!seen[i] && sessions[i] != null) {
        sessions[i] = null;
        for (Counter gauge : gauges[i]) {
          gauge.close();
        }
      }
    }
  }

  private int placeOf(@Nullable Session session) {
    for (int i = 0; i < PLACES; i++) {
      if (sessions[i] == session) {
        return i;
      }
    }
    return -1;
  }

  private Counter[] open(String prefix, long key) {
    Counter[] opened = new Counter[ALL.length];
    for (Gauge gauge : ALL) {
      opened[gauge.ordinal()] =
          file.addGauge(prefix + gauge.label(), FIRST_TYPE + gauge.ordinal(), key);
    }
    return opened;
  }
}
