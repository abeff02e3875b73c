package io.petrel.rudp.endpoint;

import io.petrel.rudp.recovery.Recovery;
import io.petrel.rudp.session.Session;
import io.petrel.rudp.session.SessionCounters;
import java.util.Arrays;

/**
 * What endpoints and their sessions have counted, summed up: of those there are and of those there
 * were. For counters that other processes read, a few times a second.
 */
public final class Totals {
  /** A total: its place is its ordinal, its label what people read. */
  public enum Total {
    /** Sessions there are. */
    SESSIONS("sessions"),
    /** Sessions with a socket of their own. */
    PROMOTED("promoted sessions"),
    /** Datagrams sent. */
    DATAGRAMS_SENT("datagrams sent"),
    /** Bytes sent. */
    BYTES_SENT("bytes sent"),
    /** Datagrams received for a session. */
    DATAGRAMS_RECEIVED("datagrams received"),
    /** Bytes received for a session. */
    BYTES_RECEIVED("bytes received"),
    /** Datagrams with bytes sent again. */
    DATAGRAMS_AGAIN("datagrams sent again"),
    /** Packets given up. */
    LOST("packets lost"),
    /** Packets given up that had arrived. */
    SPURIOUS("packets lost in error"),
    /** Probe timeouts. */
    PROBES("probes"),
    /** Acknowledgements in datagrams of their own. */
    ACKS_ALONE("acks alone"),
    /** Acknowledgements that rode on data. */
    ACKS_CARRIED("acks carried"),
    /** Datagrams received twice. */
    DUPLICATES("duplicates received"),
    /** Times that a peer's window stopped a stream. */
    WINDOW_STALLS("window stalls"),
    /** Stream frames beyond the window. */
    OUTSIDE_WINDOW("frames outside the window"),
    /** Stream frames refused for want of a place for another hole, or of memory. */
    TOO_MANY_HOLES("frames refused for too many holes"),
    /** Frames of streams that are not there. */
    STRAY_FRAMES("stray frames"),
    /** Ranges of received packets given up for want of a place. */
    RANGES_FORGOTTEN("ack ranges forgotten"),
    /** Ranges of delivered bytes given up for want of a place, and sent again. */
    RANGE_OVERFLOWS("delivered ranges not kept"),
    /** Datagrams that no session and no handshake could take. */
    REJECTED("datagrams rejected"),
    /** Datagrams for sessions that are not there. */
    UNKNOWN_SESSIONS("datagrams of unknown sessions"),
    /** Datagrams for a session from elsewhere than its peer seemed to be. */
    WRONG_ADDRESS("datagrams from another address"),
    /** Hellos received. */
    HELLOS("hellos received"),
    /** Cookies given out. */
    RETRIES("cookies sent"),
    /** Sessions accepted. */
    ACCEPTED("sessions accepted"),
    /** Refusals sent. */
    REFUSED("refusals sent"),
    /** Clients refused for the limit of sessions. */
    SESSION_LIMIT("clients over the session limit"),
    /** Sessions that should have got a socket and did not. */
    PROMOTION_FAILURES("promotions failed"),
    /** Trains that the network refused. */
    SEND_FAILURES("trains refused by the network"),
    /** Times that nobody was at a peer's port. */
    UNREACHABLE("peers unreachable"),
    /** Leaps of the clock, or of the engine. */
    TIME_JUMPS("time jumps"),
    /** Times that a peer's newest packet came from another address. */
    ADDRESS_CHANGES("address changes"),
    /** Times that a peer proved to be at its new address. */
    PATH_VALIDATIONS("address changes proven"),
    /** Times that a session went back to the last address that was proven. */
    PATH_RETURNS("address changes taken back"),
    /** Times that a peer asked whether we are where we seem to be. */
    PATH_QUESTIONS("path challenges received"),
    /** Sessions ended because the peer broke the protocol. */
    BREACHES("protocol breaches"),
    /** Times that a path was found to carry shorter datagrams than before. */
    BLACK_HOLES("datagram sizes cut");

    private final String label;

    Total(String label) {
      this.label = label;
    }

    /** What people read. */
    public String label() {
      return label;
    }

    /** Whether it also falls. */
    public boolean isGauge() {
      return this == SESSIONS || this == PROMOTED;
    }
  }

  private static final int COUNT = Total.values().length;

  private final long[] sums = new long[COUNT];

  /** All nought. */
  public Totals() {}

  /** One of them. */
  public long get(Total total) {
    return sums[total.ordinal()];
  }

  /** Begins anew. */
  public void clear() {
    Arrays.fill(sums, 0);
  }

  /** Adds what others have summed up. */
  public void add(Totals others) {
    for (int i = 0; i < COUNT; i++) {
      sums[i] += others.sums[i];
    }
  }

  /** Adds by how much others have grown since this was done last. */
  void addGrowth(Totals others, Totals before) {
    for (int i = 0; i < COUNT; i++) {
      sums[i] += others.sums[i] - before.sums[i];
      before.sums[i] = others.sums[i];
    }
  }

  /** Adds what a session has counted. */
  void add(Session session) {
    SessionCounters counters = session.counters();
    Recovery recovery = session.recovery();
    add(Total.DATAGRAMS_SENT, counters.datagramsSent());
    add(Total.BYTES_SENT, counters.bytesSent());
    add(Total.DATAGRAMS_RECEIVED, counters.datagramsReceived());
    add(Total.BYTES_RECEIVED, counters.bytesReceived());
    add(Total.DATAGRAMS_AGAIN, counters.retransmittedDatagrams());
    add(Total.LOST, recovery.lostPackets());
    add(Total.SPURIOUS, recovery.spuriousPackets());
    add(Total.PROBES, recovery.probes());
    add(Total.ACKS_ALONE, counters.acksAlone());
    add(Total.ACKS_CARRIED, counters.acksCarried());
    add(Total.DUPLICATES, counters.duplicates());
    add(Total.WINDOW_STALLS, counters.windowStalls());
    add(Total.OUTSIDE_WINDOW, counters.outsideWindow());
    add(Total.TOO_MANY_HOLES, counters.tooManyHoles());
    add(Total.STRAY_FRAMES, counters.strayFrames());
    add(Total.RANGES_FORGOTTEN, session.rangesForgotten());
    add(Total.RANGE_OVERFLOWS, session.rangeOverflows());
    add(Total.REJECTED, counters.rejectedDatagrams());
    add(Total.PATH_QUESTIONS, counters.pathQuestions());
    add(Total.BREACHES, counters.breaches());
    add(Total.BLACK_HOLES, session.blackHoles());
  }

  /** Adds what an endpoint has counted beside its sessions. */
  void add(EndpointCounters counters) {
    add(Total.REJECTED, counters.rejected());
    add(Total.UNKNOWN_SESSIONS, counters.unknownSessions());
    add(Total.WRONG_ADDRESS, counters.wrongAddress());
    add(Total.HELLOS, counters.hellos());
    add(Total.RETRIES, counters.retries());
    add(Total.ACCEPTED, counters.accepted());
    add(Total.REFUSED, counters.refused());
    add(Total.SESSION_LIMIT, counters.sessionsRefusedForLimit());
    add(Total.PROMOTION_FAILURES, counters.promotionFailures());
    add(Total.SEND_FAILURES, counters.sendFailures());
    add(Total.UNREACHABLE, counters.unreachable());
    add(Total.TIME_JUMPS, counters.timeJumps());
    add(Total.ADDRESS_CHANGES, counters.addressChanges());
    add(Total.PATH_VALIDATIONS, counters.pathValidations());
    add(Total.PATH_RETURNS, counters.pathReturns());
  }

  void add(Total total, long amount) {
    sums[total.ordinal()] += amount;
  }
}
