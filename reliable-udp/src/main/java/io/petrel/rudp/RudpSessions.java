package io.petrel.rudp;

import java.util.ArrayList;
import java.util.List;

/**
 * The sessions of a listener: all of them, and those that need turns. The others are idle: they
 * call {@link #rouse} when that changes, and as a safeguard a few of them get a turn each
 * millisecond.
 */
final class RudpSessions {
  private static final long ROUND_NS = 1_000_000;
  private static final int IDLE_TURNS_A_ROUND = 8;

  private final List<RudpSession> all = new ArrayList<>();
  private final List<RudpSession> active = new ArrayList<>();
  private int nextIdle;
  private long nextRoundNs;

  int count() {
    return all.size();
  }

  int activeCount() {
    return active.size();
  }

  RudpSession get(int index) {
    return all.get(index);
  }

  void add(RudpSession session) {
    session.place = all.size();
    all.add(session);
    rouse(session);
  }

  /** The session needs turns from now on. */
  void rouse(RudpSession session) {
    if (session.activePlace < 0 && session.place >= 0) {
      session.activePlace = active.size();
      active.add(session);
    }
  }

  int work(long nowNs) {
    int done = 0;
    for (int i = active.size() - 1; i >= 0; i--) {
      RudpSession session = active.get(i);
      done += session.work(nowNs);
      if (session.isOver()) {
        remove(session);
      } else if (session.isResting()) {
        deactivate(session);
      }
    }
    if (nowNs - nextRoundNs >= 0) {
      nextRoundNs = nowNs + ROUND_NS;
      for (int i = Math.min(IDLE_TURNS_A_ROUND, all.size() - active.size()); i > 0; i--) {
        nextIdle = nextIdle + 1 < all.size() ? nextIdle + 1 : 0;
        RudpSession session = all.get(nextIdle);
        done += session.work(nowNs);
        if (session.isOver()) {
          remove(session);
        }
      }
    }
    return done;
  }

  private void remove(RudpSession session) {
    deactivate(session);
    RudpSession last = all.removeLast();
    if (last != session) {
      all.set(session.place, last);
      last.place = session.place;
    }
    session.place = -1;
  }

  private void deactivate(RudpSession session) {
    if (session.activePlace >= 0) {
      RudpSession last = active.removeLast();
      if (last != session) {
        active.set(session.activePlace, last);
        last.activePlace = session.activePlace;
      }
      session.activePlace = -1;
    }
  }
}
