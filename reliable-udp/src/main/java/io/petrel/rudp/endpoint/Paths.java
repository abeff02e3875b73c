package io.petrel.rudp.endpoint;

import io.petrel.rudp.session.Session;
import io.petrel.transport.datagram.DatagramHandler;
import io.petrel.transport.datagram.DatagramPort;
import io.petrel.transport.datagram.EndpointAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Where the sessions of an endpoint send: by which socket, to which address.
 *
 * <p>Busy sessions get a socket of their own beside the listener's. One whose peer's newest packet
 * comes from another address follows it at once, back on the listener's socket, and gets one of its
 * own again when the peer has proven to be there. A peer that does not prove it is taken to be
 * where it was before, and so is one whose newest packet comes from there again.
 */
final class Paths {
  /** Datagrams within a while that show a session to be busy enough for a socket of its own. */
  private static final int PROMOTION_DATAGRAMS = 16;

  private static final long PROMOTION_WHILE_NS = 1_000_000_000L;

  /** Datagrams taken from a socket that is given up: all that its buffer may hold. */
  private static final int MOST_LEFT_OVER = 1 << 14;

  private final DatagramPort port;
  private final EndpointListener listener;
  private final EndpointCounters counters;
  private final LongSupplier random;
  private final int maximumPromoted;
  private final List<EndpointSession> promoted = new ArrayList<>();
  private final List<DatagramPort> givenUp = new ArrayList<>();

  Paths(
      DatagramPort port,
      EndpointListener listener,
      EndpointCounters counters,
      LongSupplier random,
      int maximumPromoted) {
    this.port = port;
    this.listener = listener;
    this.counters = counters;
    this.random = random;
    this.maximumPromoted = maximumPromoted;
  }

  int promotedCount() {
    return promoted.size();
  }

  EndpointSession promoted(int index) {
    return promoted.get(index);
  }

  /** Gives a session a socket of its own, if it is busy and there is one left. */
  void promoteIfBusy(long nowNs, EndpointSession session) {
    long received = session.session.counters().datagramsReceived();
    if (nowNs - session.busySinceNs > PROMOTION_WHILE_NS) {
      session.busySinceNs = nowNs;
      session.receivedBefore = received;
    } else if (received - session.receivedBefore >= PROMOTION_DATAGRAMS) {
      promote(session);
    }
  }

  /** A session is idle: its socket, which costs every turn a system call, goes to a busy one. */
  void rest(EndpointSession session) {
    if (session.promoted) {
      demote(session);
      session.promotable = session.mayBePromoted;
    }
  }

  private void promote(EndpointSession session) {
    session.promotable = false;
    if (promoted.size() >= maximumPromoted || isPromoted(session.remote)) {
      return;
    }
    try {
      session.port = port.promote(session.remote);
      session.promoted = true;
      promoted.add(session);
      counters.promotions++;
    } catch (IOException refused) {
      counters.promotionFailures++;
    }
  }

  private boolean isPromoted(EndpointAddress remote) {
    for (int i = 0; i < promoted.size(); i++) {
      if (promoted.get(i).remote.equals(remote)) {
        return true;
      }
    }
    return false;
  }

  /** Takes a session's own socket back; what it holds is read at the end of the turn. */
  private void demote(EndpointSession session) {
    if (session.promoted) {
      promoted.remove(session);
      givenUp.add(session.port);
      session.promoted = false;
      session.port = port;
    }
  }

  /** A session is forgotten. */
  void forget(EndpointSession session) {
    if (session.promoted) {
      promoted.remove(session);
      session.port.close();
    }
  }

  /** Reads what is left in sockets given up, and gives them back. */
  int closeGivenUp(DatagramHandler handler) {
    int done = 0;
    while (!givenUp.isEmpty()) {
      DatagramPort last = givenUp.removeLast();
      done += Math.max(last.receive(handler, MOST_LEFT_OVER), 0);
      last.close();
    }
    return done;
  }

  void close() {
    for (int i = promoted.size() - 1; i >= 0; i--) {
      promoted.get(i).port.close();
    }
    for (int i = givenUp.size() - 1; i >= 0; i--) {
      givenUp.get(i).close();
    }
  }

  /** The newest packet of a session's peer, of so many bytes, came from another address. */
  void move(long nowNs, EndpointSession session, EndpointAddress source, int bytes) {
    EndpointAddress proven = session.isMoving() ? session.provenRemote : session.remote;
    boolean otherHost = isOtherHost(proven, source);
    if (otherHost && !listener.mayMove(session, source)) {
      return;
    }
    demote(session);
    counters.addressChanges++;
    if (source.equals(proven)) {
      comeBack(session);
      return;
    }
    session.provenRemote = proven;
    session.remote = source.copy();
    session.moving = true;
    session.promotable = false;
    session.session.checkPath(nowNs, random.getAsLong(), otherHost, bytes);
  }

  /** A client has shown by a cookie that it is elsewhere than when its session was accepted. */
  void moveProven(EndpointSession session, EndpointAddress source) {
    session.remote = source.copy();
    counters.addressChanges++;
  }

  /** Looks what has become of a session's move. */
  void follow(EndpointSession session) {
    Session of = session.session;
    if (of.isPathFailed()) {
      counters.pathFailures++;
      comeBack(session);
    } else if (of.isPathProven()) {
      counters.pathValidations++;
      session.moving = false;
      session.promotable = session.mayBePromoted;
      listener.onMoved(session);
    }
  }

  private void comeBack(EndpointSession session) {
    session.remote = session.provenRemote;
    session.moving = false;
    session.promotable = session.mayBePromoted;
    session.session.returnToProvenPath();
    counters.pathReturns++;
  }

  private static boolean isOtherHost(EndpointAddress one, EndpointAddress other) {
    return one.high() != other.high()
        || one.low() != other.low()
        || one.scopeId() != other.scopeId();
  }
}
