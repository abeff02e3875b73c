package io.petrel.rudp.endpoint;

import io.petrel.codecs.Rejection;

/** What an endpoint counts beside its sessions; written by its engine's thread. */
public final class EndpointCounters {
  final long[] rejected = new long[Rejection.COUNT];
  long hellos;
  long retries;
  long accepted;
  long refused;
  long unknownSessions;
  long wrongAddress;
  long addressChanges;
  long pathValidations;
  long pathFailures;
  long pathReturns;
  long promotions;
  long promotionFailures;
  long timeJumps;
  long sendFailures;
  long sessionsRefusedForLimit;
  long unreachable;

  /** Datagrams rejected, by {@link Rejection#ordinal}. */
  public long rejected(int ordinal) {
    return rejected[ordinal];
  }

  /** Datagrams rejected, whatever the reason. */
  public long rejected() {
    long sum = 0;
    for (long count : rejected) {
      sum += count;
    }
    return sum;
  }

  /** Hellos received. */
  public long hellos() {
    return hellos;
  }

  /** Cookies given out. */
  public long retries() {
    return retries;
  }

  /** Sessions accepted. */
  public long accepted() {
    return accepted;
  }

  /** Refusals sent. */
  public long refused() {
    return refused;
  }

  /** Datagrams for sessions that are not there. */
  public long unknownSessions() {
    return unknownSessions;
  }

  /** Datagrams for a session that came from elsewhere than its peer seemed to be. */
  public long wrongAddress() {
    return wrongAddress;
  }

  /** Times that a peer's newest packet came from another address. */
  public long addressChanges() {
    return addressChanges;
  }

  /** Times that a peer proved to be at its new address. */
  public long pathValidations() {
    return pathValidations;
  }

  /** Times that a peer did not prove to be at its new address. */
  public long pathFailures() {
    return pathFailures;
  }

  /** Times that a session went back to the last address that was proven. */
  public long pathReturns() {
    return pathReturns;
  }

  /** Sessions given a socket of their own. */
  public long promotions() {
    return promotions;
  }

  /** Sessions that should have got one and did not. */
  public long promotionFailures() {
    return promotionFailures;
  }

  /** Times that the clock jumped or the engine overslept, and the sessions were spared. */
  public long timeJumps() {
    return timeJumps;
  }

  /** Trains that the network refused. */
  public long sendFailures() {
    return sendFailures;
  }

  /** Times that the network said nobody is at a session's peer. */
  public long unreachable() {
    return unreachable;
  }

  /** Clients refused because there were as many sessions as allowed. */
  public long sessionsRefusedForLimit() {
    return sessionsRefusedForLimit;
  }
}
