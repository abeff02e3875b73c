package io.petrel.rudp.endpoint;

import java.util.ArrayList;
import java.util.List;

/**
 * What all sessions of an endpoint have counted, forgotten ones included. Only those that have had
 * a turn since the last sum are asked, so that thousands of idle ones do not hold up the others ten
 * times a second.
 */
final class SessionTotals {
  private final Totals sum = new Totals();
  private final Totals scratch = new Totals();
  private final List<EndpointSession> changed = new ArrayList<>();

  /** A session has had a turn. */
  void onTurn(EndpointSession session) {
    if (session.changedPlace < 0) {
      session.changedPlace = changed.size();
      changed.add(session);
    }
  }

  /** A session counts no more. */
  void forget(EndpointSession session) {
    settle(session);
    int place = session.changedPlace;
    if (place >= 0) {
      session.changedPlace = -1;
      EndpointSession last = changed.removeLast();
      if (last != session) {
        changed.set(place, last);
        last.changedPlace = place;
      }
    }
  }

  void addTo(Totals totals) {
    for (int i = 0; i < changed.size(); i++) {
      EndpointSession session = changed.get(i);
      session.changedPlace = -1;
      settle(session);
    }
    changed.clear();
    totals.add(sum);
  }

  private void settle(EndpointSession session) {
    scratch.clear();
    scratch.add(session.session);
    sum.addGrowth(scratch, session.counted);
  }
}
