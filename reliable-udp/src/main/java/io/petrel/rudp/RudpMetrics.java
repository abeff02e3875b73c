package io.petrel.rudp;

import io.petrel.rudp.endpoint.EndpointSession;
import io.petrel.rudp.endpoint.LossEpisode;
import io.petrel.rudp.endpoint.RudpEndpoint;
import io.petrel.rudp.endpoint.Totals;
import io.petrel.rudp.endpoint.Totals.Total;
import io.petrel.transport.datagram.PortGauges;
import io.petrel.transport.flight.FlightEvents;
import io.petrel.transport.metrics.Counter;
import io.petrel.transport.metrics.Counters;

/**
 * What an engine's rudp sessions have counted, in its metrics file, ten times a second: all
 * together, and some one by one.
 */
final class RudpMetrics {
  private static final int FIRST_TYPE = 300;
  private static final long PERIOD_NS = 100_000_000;
  private static final Total[] ALL = Total.values();

  private final Counter[] counters = new Counter[ALL.length];
  private final SessionGauges sessions;
  private final PortGauges ports;
  private final Totals gone = new Totals();
  private final Totals sum = new Totals();
  private long nextNs;

  RudpMetrics(Counters file, long nowNs) {
    for (Total total : ALL) {
      int type = FIRST_TYPE + total.ordinal();
      String label = "rudp " + total.label();
      counters[total.ordinal()] =
          total.isGauge() ? file.addGauge(label, type, 0) : file.add(label, type);
    }
    sessions = new SessionGauges(file);
    ports = new PortGauges(file);
    nextNs = nowNs;
  }

  /** Whether it is time to sum up: then {@link #begin}, {@link #add} for each, {@link #publish}. */
  boolean isDue(long nowNs) {
    return nowNs - nextNs >= 0;
  }

  void begin(long nowNs) {
    nextNs = nowNs + PERIOD_NS;
    sum.clear();
    sum.add(gone);
    sessions.begin();
    ports.begin();
  }

  void add(RudpEndpoint endpoint) {
    endpoint.addTo(sum);
    ports.show(endpoint.port());
    int shown = Math.min(endpoint.sessionCount(), SessionGauges.PLACES);
    for (int i = 0; i < shown; i++) {
      EndpointSession session = endpoint.session(i);
      sessions.show(session);
      recordLosses(session);
      if (session.isPromoted()) {
        ports.show(session.port());
      }
    }
  }

  /** Tells the flight recorder of an episode of losses that is over. */
  private void recordLosses(EndpointSession one) {
    LossEpisode episode = one.losses();
    if (episode.isOver(nextNs, one.session().recovery().lostPackets())) {
      FlightEvents.lossEpisode(
          one.session().parameters().localId(),
          one.remoteAddress(),
          episode.packets(),
          episode.lastedNs());
    }
  }

  void publish() {
    sessions.end();
    ports.end();
    for (Total total : ALL) {
      counters[total.ordinal()].set(sum.get(total));
    }
  }

  /** An endpoint is about to be closed: what it has counted stays. */
  void keep(RudpEndpoint endpoint) {
    endpoint.addTo(gone);
  }
}
