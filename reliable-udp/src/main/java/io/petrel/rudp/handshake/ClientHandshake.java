package io.petrel.rudp.handshake;

import io.petrel.codecs.WireLimits;
import io.petrel.transport.time.Deadline;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A client's side: says hello until it is answered, first soon, then ever less often. */
public final class ClientHandshake {
  /** First wait for an answer: a few round trips of a data centre, one of a continent. */
  static final long FIRST_WAIT_NS = 20_000_000;

  /** Waits are doubled up to this. */
  static final long LONGEST_WAIT_NS = 1_000_000_000;

  private final Hello hello;
  private final HandshakeDatagrams datagrams;
  private final long giveUpNs;
  private final UnsafeBuffer cookie = new UnsafeBuffer(new byte[WireLimits.MAXIMUM_TOKEN_LENGTH]);
  private int cookieLength;
  private long waitNs = FIRST_WAIT_NS;
  private long repeatNs;
  private long number;
  private long beganNs;
  private long saidNs;
  private int unanswered;

  /**
   * Begins at once: {@link #isDue} says so.
   *
   * @param giveUpAfterNs how long to go on.
   */
  public ClientHandshake(
      long nowNs, Hello hello, long giveUpAfterNs, HandshakeDatagrams datagrams) {
    this.hello = hello;
    this.datagrams = datagrams;
    this.giveUpNs = nowNs + giveUpAfterNs;
    this.beganNs = nowNs;
    this.repeatNs = nowNs;
  }

  /** What is asked for. */
  public Hello hello() {
    return hello;
  }

  /** Whether a hello is to be said now. */
  public boolean isDue(long nowNs) {
    return Deadline.isDue(nowNs, repeatNs);
  }

  /** Whether it is time to give up. */
  public boolean isOver(long nowNs) {
    return Deadline.isDue(nowNs, giveUpNs);
  }

  /** When to look again. */
  public long nextDeadlineNs() {
    return Deadline.earlier(repeatNs, giveUpNs);
  }

  /** Writes the hello; it is to be sent now. */
  public void writeHello(long nowNs) {
    datagrams.writeHello(number++, hello, cookie, cookieLength);
    saidNs = nowNs;
    repeatNs = nowNs + waitNs;
    waitNs = Math.min(waitNs * 2, LONGEST_WAIT_NS);
    unanswered++;
  }

  /**
   * A cookie has come: hello is to be said again with it, now. On a path longer than the first wait
   * every hello is answered by a cookie; the later ones only replace the first. What the first took
   * is at least a round trip, so that the hello with it is not said again before its answer can
   * come, and the answer shows the round trip.
   */
  public void onRetry(long nowNs, DirectBuffer token, int length) {
    if (length == 0 || length > WireLimits.MAXIMUM_TOKEN_LENGTH) {
      return;
    }
    boolean first = cookieLength == 0;
    cookie.putBytes(0, token, 0, length);
    cookieLength = length;
    if (first) {
      unanswered = 0;
      long tookNs = nowNs - beganNs;
      waitNs = Math.min(Math.max(tookNs + tookNs / 2, FIRST_WAIT_NS), LONGEST_WAIT_NS);
      repeatNs = nowNs;
    }
  }

  /** The round trip that an answer now shows, or -1 when it may answer any of several hellos. */
  public long roundTripNs(long nowNs) {
    return unanswered == 1 ? nowNs - saidNs : -1;
  }
}
