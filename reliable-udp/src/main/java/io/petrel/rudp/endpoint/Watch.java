package io.petrel.rudp.endpoint;

import java.util.ArrayList;
import java.util.List;

/**
 * Which sessions a turn looks at, because their application writes and reads without a call: a
 * bounded number a turn, round and round. One that has had nothing under way for a while is left
 * out, if its owner says that it will call {@link RudpEndpoint#flush} when there is something to
 * send again; so the idle thousands cost a turn nothing.
 *
 * <pre>
 *   watched --quiet for 1 s, owner has agreed--> settling --still quiet 1 ms later--> at rest
 *      ^                                            |                                   |
 *      +------ bytes written, or not yet read ------+-----------------------------------+
 * </pre>
 *
 * One with a socket of its own stays watched, and keeps it, for a minute. A producer may have
 * looked whether to call before it could see that it now has to, while what it wrote was not to be
 * seen yet here: that is what the settling is for. And since memory models promise visibility but
 * no time for it, one session at rest is looked at each millisecond.
 */
final class Watch {
  /** Sessions looked at in a turn. */
  private static final int LOOKS_A_TURN = 128;

  /** Long beside the time between two messages of a session in use. */
  private static final long QUIET_NS = 1_000_000_000L;

  /** A socket of its own costs each turn a system call, and asking for it again far more. */
  private static final long OWN_SOCKET_NS = 60_000_000_000L;

  /** Long beside the time that a store takes to be seen by another core. */
  private static final long SETTLING_NS = 1_000_000;

  private final RudpEndpoint endpoint;
  private final List<EndpointSession> watched = new ArrayList<>();
  private int next;
  private int nextAtRest;
  private long nextAtRestNs;
  private long looks;

  Watch(long nowNs, RudpEndpoint endpoint) {
    this.endpoint = endpoint;
    this.nextAtRestNs = nowNs;
  }

  /** A session is there, or its application has said that it wrote. */
  void wake(long nowNs, EndpointSession session) {
    session.settling = false;
    session.quietAtNs = nowNs + QUIET_NS;
    session.inUseNs = nowNs;
    if (session.watchPlace < 0) {
      session.watchPlace = watched.size();
      watched.add(session);
    }
  }

  /** A session has had its turn. */
  void onTurn(long nowNs, EndpointSession session) {
    if (session.watchPlace < 0 && session.session.isInUse()) {
      wake(nowNs, session);
    }
  }

  void forget(EndpointSession session) {
    int place = session.watchPlace;
    if (place >= 0) {
      session.watchPlace = -1;
      EndpointSession last = watched.removeLast();
      if (last != session) {
        watched.set(place, last);
        last.watchPlace = place;
      }
    }
  }

  /** Looks for what applications have written and read. */
  void look(long nowNs) {
    int count = Math.min(watched.size(), LOOKS_A_TURN);
    looks += count;
    for (int i = 0; i < count && !watched.isEmpty(); i++) {
      next = next + 1 < watched.size() ? next + 1 : 0;
      EndpointSession session = watched.get(next);
      if (session.session.isReadyToSend()) {
        endpoint.touch(session);
      } else if (nowNs - session.quietAtNs >= 0) {
        rest(nowNs, session);
      }
    }
    if (nowNs - nextAtRestNs >= 0 && endpoint.sessionCount() > watched.size()) {
      nextAtRestNs = nowNs + SETTLING_NS;
      nextAtRest = nextAtRest + 1 < endpoint.sessionCount() ? nextAtRest + 1 : 0;
      onTurn(nowNs, endpoint.session(nextAtRest));
      looks++;
    }
  }

  private void rest(long nowNs, EndpointSession session) {
    if (session.session.isInUse()) {
      wake(nowNs, session);
    } else if (session.promoted && nowNs - session.inUseNs < OWN_SOCKET_NS) {
      session.quietAtNs = nowNs + QUIET_NS;
    } else if (session.settling) {
      forget(session);
      endpoint.paths().rest(session);
    } else if (endpoint.listener().mayRest(session)) {
      session.settling = true;
      session.quietAtNs = nowNs + SETTLING_NS;
    } else {
      session.quietAtNs = nowNs + QUIET_NS;
    }
  }

  /** Sessions looked at each turn, or in turn if there are more than one turn looks at. */
  int watchedCount() {
    return watched.size();
  }

  /** How often a session was looked at. */
  long looks() {
    return looks;
  }
}
