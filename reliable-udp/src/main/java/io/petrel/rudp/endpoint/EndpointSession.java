package io.petrel.rudp.endpoint;

import io.petrel.rudp.handshake.Agreement;
import io.petrel.rudp.session.Session;
import io.petrel.transport.datagram.DatagramPort;
import io.petrel.transport.datagram.EndpointAddress;
import io.petrel.transport.time.Deadline;

/** A session with its way out: which port, to which address. */
public final class EndpointSession {
  final Session session;
  final Agreement agreement;
  final long place;
  final boolean mayBePromoted;
  EndpointAddress remote;

  /** Where the peer was when it last was proven to be there, while it has moved from it. */
  EndpointAddress provenRemote;

  private final LossEpisode losses = new LossEpisode();

  boolean moving;
  DatagramPort port;
  boolean promoted;
  boolean promotable;

  /** Since when what it receives is counted, and how much it had received then. */
  long busySinceNs;

  long receivedBefore;
  long deadlineNs = Deadline.NONE;
  int heapPlace = -1;
  int listPlace = -1;
  boolean touched;

  /** Its place among the sessions watched, or -1; and when it is to be asked whether it rests. */
  int watchPlace = -1;

  long quietAtNs;

  /** When it was last seen to have something under way. */
  long inUseNs;

  boolean settling;

  /**
   * Its place among those that have had a turn since the last sum, and what it had counted then.
   */
  int changedPlace = -1;

  final Totals counted = new Totals();

  EndpointSession(
      long nowNs,
      Session session,
      Agreement agreement,
      EndpointAddress remote,
      long place,
      DatagramPort port,
      boolean promotable) {
    this.session = session;
    this.agreement = agreement;
    this.remote = remote;
    this.provenRemote = remote;
    this.place = place;
    this.port = port;
    this.promotable = promotable;
    this.mayBePromoted = promotable;
    this.busySinceNs = nowNs;
  }

  /** The session. */
  public Session session() {
    return session;
  }

  /** The peer's address, where it seems to be now; not to be changed. */
  public EndpointAddress remoteAddress() {
    return remote;
  }

  /** When it loses packets. */
  public LossEpisode losses() {
    return losses;
  }

  /** What both sides agreed on. */
  public Agreement agreement() {
    return agreement;
  }

  /** Its own port where it is promoted, else the endpoint's. */
  public DatagramPort port() {
    return port;
  }

  /** Whether the peer seems to have moved and has not proven it yet. */
  public boolean isMoving() {
    return moving;
  }

  /** Whether the session has a socket of its own beside the listener's. */
  public boolean isPromoted() {
    return promoted;
  }
}
