package io.petrel.rudp.congestion;

/**
 * Spreads what the window allows over time: a bucket of credit that fills at the controller's rate.
 *
 * <p>{@link #sendableBytes} says how long a train may be now, {@link #onSent} takes its length from
 * the credit, and {@link #nextSendNs} says when the next train is due. One such round costs a train
 * a few nanoseconds, however many datagrams are in it.
 *
 * <p>The bucket holds a burst, no more: after a pause at most that goes out back to back. It is two
 * datagrams at least, and else what the rate carries in {@value #BURST_NS} ns up to one train of
 * {@value #TRAIN_BYTES} bytes; faster paths than that may send what they carry in {@value
 * #LATENESS_NS} ns, the time that an engine may be late, because a pacer that forgets lateness
 * costs throughput where a whole train takes 10 us.
 *
 * <p>A clock that jumps does no harm: backwards nothing is added, forwards a burst.
 */
public final class Pacer {
  /** Time whose worth of bytes makes a burst; as the bbr draft has it for its send quantum. */
  private static final long BURST_NS = 1_000_000;

  /** The longest train: what one system call takes. */
  private static final long TRAIN_BYTES = 65_536;

  /** How late an engine's turn may be without cost, on paths where that is more than a train. */
  private static final long LATENESS_NS = 50_000;

  /** Probes go regardless of credit; what they may owe is bounded by this many bursts. */
  private static final int MOST_BURSTS_OWED = 2;

  private static final double NANOS_PER_SECOND = 1e9;

  private int datagramLength;
  private long rateBytesPerSecond;
  private double bytesPerNs;
  private double burstBytes;
  private double creditBytes;
  private long filledNs;

  /**
   * A full bucket, without a rate yet: everything may go.
   *
   * @param nowNs the time.
   * @param datagramLength the bytes of a full datagram.
   */
  public Pacer(long nowNs, int datagramLength) {
    this.datagramLength = datagramLength;
    filledNs = nowNs;
    resize();
    creditBytes = burstBytes;
  }

  /**
   * Takes the controller's rate; to be called after each acknowledgement or loss. Cheap when the
   * rate is the same.
   *
   * @param nowNs the time.
   * @param bytesPerSecond the rate, or 0 for no pacing.
   */
  public void rate(long nowNs, long bytesPerSecond) {
    if (bytesPerSecond == rateBytesPerSecond) {
      return;
    }
    fill(nowNs);
    rateBytesPerSecond = Math.max(bytesPerSecond, 0);
    bytesPerNs = rateBytesPerSecond / NANOS_PER_SECOND;
    resize();
  }

  /**
   * Takes a new length of datagrams.
   *
   * @param length the bytes of a full datagram.
   */
  public void datagramLength(int length) {
    datagramLength = length;
    resize();
  }

  /**
   * How many bytes may go now, as one train.
   *
   * @param nowNs the time.
   * @return 0 or more; {@link Long#MAX_VALUE} without a rate.
   */
  public long sendableBytes(long nowNs) {
    if (rateBytesPerSecond == 0) {
      return Long.MAX_VALUE;
    }
    fill(nowNs);
    return creditBytes <= 0 ? 0 : (long) creditBytes;
  }

  /**
   * Bytes have gone. More than was sendable may have, such as a probe: it is owed.
   *
   * @param nowNs the time.
   * @param bytes how many.
   */
  public void onSent(long nowNs, long bytes) {
    fill(nowNs);
    creditBytes = Math.max(creditBytes - bytes, -MOST_BURSTS_OWED * burstBytes);
  }

  /**
   * When it is worth sending again: there is then credit for half a burst, which is a datagram or
   * more.
   *
   * @param nowNs the time.
   * @return a time, {@code nowNs} when that is already so.
   */
  public long nextSendNs(long nowNs) {
    if (rateBytesPerSecond == 0) {
      return nowNs;
    }
    fill(nowNs);
    double missing = burstBytes / 2 - creditBytes;
    return missing <= 0 ? nowNs : nowNs + (long) (missing / bytesPerNs) + 1;
  }

  /**
   * The most that may go back to back.
   *
   * @return bytes.
   */
  public long burstBytes() {
    return (long) burstBytes;
  }

  private void fill(long nowNs) {
    long elapsedNs = nowNs - filledNs;
    filledNs = nowNs;
    if (elapsedNs > 0) {
      creditBytes = Math.min(creditBytes + elapsedNs * bytesPerNs, burstBytes);
    }
  }

  private void resize() {
    double burst = Math.min(bytesPerNs * BURST_NS, TRAIN_BYTES);
    burst = Math.max(burst, bytesPerNs * LATENESS_NS);
    burstBytes = Math.max(burst, 2.0 * datagramLength);
    creditBytes = Math.min(creditBytes, burstBytes);
  }
}
