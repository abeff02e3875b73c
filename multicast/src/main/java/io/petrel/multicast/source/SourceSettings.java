package io.petrel.multicast.source;

import io.petrel.multicast.flow.FlowMode;

/**
 * How a {@link Source} works; each setting has a default and may be set before the source is made.
 */
public final class SourceSettings {
  private int streamId = 0;
  private int datagramLength = 1_408;
  private boolean checksum = true;
  private long rateBytesPerSecond = 1_250_000_000L;
  private double repairShare = 0.2;
  private int backoffFactor = 4;
  private boolean peersHear = true;
  private int groupSize = 0;
  private long roundTripNs = 0;
  private long leastRoundTripNs = 20_000;
  private long heartbeatNs = 5_000_000;
  private long startDelayNs = 250_000_000;
  private FlowMode flow = FlowMode.FASTEST;
  private long patienceNs = 1_000_000_000L;
  private double excludedShare = 0.1;
  private int receiverLimit = 4_096;
  private long lingerNs = 1_000_000_000L;
  private long[] named = {};

  /** All defaults. */
  public SourceSettings() {}

  /** The stream. */
  public int streamId() {
    return streamId;
  }

  /** Sets {@link #streamId()}. */
  public SourceSettings streamId(int value) {
    streamId = value;
    return this;
  }

  /** Bytes of the longest datagram, without UDP and IP headers. */
  public int datagramLength() {
    return datagramLength;
  }

  /** Sets {@link #datagramLength()}. */
  public SourceSettings datagramLength(int value) {
    datagramLength = value;
    return this;
  }

  /** Whether a CRC-32C closes each datagram. */
  public boolean checksum() {
    return checksum;
  }

  /** Sets {@link #checksum()}. */
  public SourceSettings checksum(boolean value) {
    checksum = value;
    return this;
  }

  /** The most that is sent, headers included; 0: no limit. */
  public long rateBytesPerSecond() {
    return rateBytesPerSecond;
  }

  /** Sets {@link #rateBytesPerSecond()}. */
  public SourceSettings rateBytesPerSecond(long value) {
    rateBytesPerSecond = value;
    return this;
  }

  /** The share of the rate that repairs may take while there is new data. */
  public double repairShare() {
    return repairShare;
  }

  /** Sets {@link #repairShare()}. */
  public SourceSettings repairShare(double value) {
    repairShare = value;
    return this;
  }

  /** Longest back-off of a NAK in round trips (K of RFC 5401). */
  public int backoffFactor() {
    return backoffFactor;
  }

  /** Sets {@link #backoffFactor()}. */
  public SourceSettings backoffFactor(int value) {
    backoffFactor = value;
    return this;
  }

  /** Whether receivers hear each other ask. */
  public boolean peersHear() {
    return peersHear;
  }

  /** Sets {@link #peersHear()}. */
  public SourceSettings peersHear(boolean value) {
    peersHear = value;
    return this;
  }

  /** Receivers, if told; 0: as they report themselves. */
  public int groupSize() {
    return groupSize;
  }

  /** Sets {@link #groupSize()}. */
  public SourceSettings groupSize(int value) {
    groupSize = value;
    return this;
  }

  /** Longest round trip, if told; 0: as measured. */
  public long roundTripNs() {
    return roundTripNs;
  }

  /** Sets {@link #roundTripNs()}. */
  public SourceSettings roundTripNs(long value) {
    roundTripNs = value;
    return this;
  }

  /** A round trip is never taken for shorter. */
  public long leastRoundTripNs() {
    return leastRoundTripNs;
  }

  /** Sets {@link #leastRoundTripNs()}. */
  public SourceSettings leastRoundTripNs(long value) {
    leastRoundTripNs = value;
    return this;
  }

  /** Base interval of heartbeats. */
  public long heartbeatNs() {
    return heartbeatNs;
  }

  /** Sets {@link #heartbeatNs()}. */
  public SourceSettings heartbeatNs(long value) {
    heartbeatNs = value;
    return this;
  }

  /** Data starts then at the latest, known group or not. */
  public long startDelayNs() {
    return startDelayNs;
  }

  /** Sets {@link #startDelayNs()}. */
  public SourceSettings startDelayNs(long value) {
    startDelayNs = value;
    return this;
  }

  /** Whom the source waits for. */
  public FlowMode flow() {
    return flow;
  }

  /** Sets {@link #flow()}. */
  public SourceSettings flow(FlowMode value) {
    flow = value;
    return this;
  }

  /** The longest that a receiver without progress is waited for. */
  public long patienceNs() {
    return patienceNs;
  }

  /** Sets {@link #patienceNs()}. */
  public SourceSettings patienceNs(long value) {
    patienceNs = value;
    return this;
  }

  /** Who misses more than this, and far more than the others, leaves the repair; 1: nobody. */
  public double excludedShare() {
    return excludedShare;
  }

  /** Sets {@link #excludedShare()}. */
  public SourceSettings excludedShare(double value) {
    excludedShare = value;
    return this;
  }

  /** Receivers in the table. */
  public int receiverLimit() {
    return receiverLimit;
  }

  /** Sets {@link #receiverLimit()}. */
  public SourceSettings receiverLimit(int value) {
    receiverLimit = value;
    return this;
  }

  /** How long a source that has finished goes on repairing. */
  public long lingerNs() {
    return lingerNs;
  }

  /** Sets {@link #lingerNs()}. */
  public SourceSettings lingerNs(long value) {
    lingerNs = value;
    return this;
  }

  /** The receivers waited for in {@link FlowMode#NAMED}. */
  public long[] named() {
    return named.clone();
  }

  /** Sets {@link #named()}. */
  public SourceSettings named(long... receiverIds) {
    named = receiverIds.clone();
    return this;
  }
}
