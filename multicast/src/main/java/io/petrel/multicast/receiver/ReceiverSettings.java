package io.petrel.multicast.receiver;

import io.petrel.multicast.repair.BackOffLaw;
import io.petrel.multicast.repair.TruncatedExponential;
import java.util.function.Supplier;

/** How receivers work; each setting has a default and may be set before they are made. */
public final class ReceiverSettings {
  private int streamId = 0;
  private int datagramLength = 1_408;
  private boolean checksum = true;
  private long receiverId = 0;
  private boolean joinsWindow = false;
  private int lines = 1;
  private long arbitrationNs = 500_000;
  private long deadLineNs = 50_000_000;
  private int holeLimit = 1_024;
  private int largestRing = 1 << 30;
  private int sourceLimit = 64;
  private long idleNs = 5_000_000_000L;
  private Supplier<BackOffLaw> law = TruncatedExponential::new;

  /** All defaults. */
  public ReceiverSettings() {}

  /** The stream; those of others are passed over. */
  public int streamId() {
    return streamId;
  }

  /** Sets {@link #streamId()}. */
  public ReceiverSettings streamId(int value) {
    streamId = value;
    return this;
  }

  /** Bytes of the longest datagram sent. */
  public int datagramLength() {
    return datagramLength;
  }

  /** Sets {@link #datagramLength()}. */
  public ReceiverSettings datagramLength(int value) {
    datagramLength = value;
    return this;
  }

  /** Whether a CRC-32C closes each datagram sent; one that comes is checked if it has one. */
  public boolean checksum() {
    return checksum;
  }

  /** Sets {@link #checksum()}. */
  public ReceiverSettings checksum(boolean value) {
    checksum = value;
    return this;
  }

  /** Who this is to the sources; 0: drawn. */
  public long receiverId() {
    return receiverId;
  }

  /** Sets {@link #receiverId()}. */
  public ReceiverSettings receiverId(long value) {
    receiverId = value;
    return this;
  }

  /** Whether a late receiver begins with what the source still holds, not with what comes. */
  public boolean joinsWindow() {
    return joinsWindow;
  }

  /** Sets {@link #joinsWindow()}. */
  public ReceiverSettings joinsWindow(boolean value) {
    joinsWindow = value;
    return this;
  }

  /** Groups that carry the same. */
  public int lines() {
    return lines;
  }

  /** Sets {@link #lines()}. */
  public ReceiverSettings lines(int value) {
    lines = value;
    return this;
  }

  /** How long a hole may wait for the other line. */
  public long arbitrationNs() {
    return arbitrationNs;
  }

  /** Sets {@link #arbitrationNs()}. */
  public ReceiverSettings arbitrationNs(long value) {
    arbitrationNs = value;
    return this;
  }

  /** A line silent for so long while another is not is dead. */
  public long deadLineNs() {
    return deadLineNs;
  }

  /** Sets {@link #deadLineNs()}. */
  public ReceiverSettings deadLineNs(long value) {
    deadLineNs = value;
    return this;
  }

  /** Holes of a source at most. */
  public int holeLimit() {
    return holeLimit;
  }

  /** Sets {@link #holeLimit()}. */
  public ReceiverSettings holeLimit(int value) {
    holeLimit = value;
    return this;
  }

  /** The largest ring a source may have. */
  public int largestRing() {
    return largestRing;
  }

  /** Sets {@link #largestRing()}. */
  public ReceiverSettings largestRing(int value) {
    largestRing = value;
    return this;
  }

  /** Sources heard at a time. */
  public int sourceLimit() {
    return sourceLimit;
  }

  /** Sets {@link #sourceLimit()}. */
  public ReceiverSettings sourceLimit(int value) {
    sourceLimit = value;
    return this;
  }

  /** A source that is silent for so long is gone. */
  public long idleNs() {
    return idleNs;
  }

  /** Sets {@link #idleNs()}. */
  public ReceiverSettings idleNs(long value) {
    idleNs = value;
    return this;
  }

  /** A back-off law of its own for each receiver. */
  public BackOffLaw newLaw() {
    return law.get();
  }

  /** Sets the law, for tests that show what it is good for. */
  public ReceiverSettings law(Supplier<BackOffLaw> value) {
    law = value;
    return this;
  }
}
