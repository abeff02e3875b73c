package io.petrel.rudp.congestion;

/**
 * Drives a controller by hand, a round trip at a time: the window is sent whole, then acknowledged
 * datagram by datagram one round trip later.
 */
final class TestAcks {
  static final int DATAGRAM = 1_000;

  final CongestionController controller;
  long nowNs;
  long rttNs;
  long inFlightBytes;
  long nextPacket;
  private long oldest;
  private long roundTrip;
  private long totalDelivered;

  TestAcks(CongestionController controller, long rttNs) {
    this.controller = controller;
    this.rttNs = rttNs;
  }

  static CongestionSettings settings(int windowDatagrams) {
    return new CongestionSettings(DATAGRAM, (long) windowDatagrams * DATAGRAM, 100_000, 0.02, 1, 0);
  }

  double windowDatagrams() {
    return controller.windowBytes() / (double) DATAGRAM;
  }

  /** Sends until the window is full, at most that many. */
  int fill(int most) {
    int sent = 0;
    while (sent < most && inFlightBytes + DATAGRAM <= controller.windowBytes()) {
      inFlightBytes += DATAGRAM;
      controller.onPacketSent(nowNs, nextPacket++, DATAGRAM, inFlightBytes);
      sent++;
    }
    return sent;
  }

  /** A round trip in which that many datagrams are under way at most. */
  void roundTrip(int most) {
    fill(most);
    long last = nextPacket;
    nowNs += rttNs;
    boolean start = true;
    while (oldest < last) {
      ack(start);
      start = false;
    }
  }

  void roundTrips(int count) {
    for (int i = 0; i < count; i++) {
      roundTrip(Integer.MAX_VALUE);
    }
  }

  /** The oldest packet is acknowledged. */
  void ack(boolean roundTripStart) {
    AckSample sample = new AckSample();
    sample.ackedBytes = DATAGRAM;
    sample.newestPacketNumber = oldest++;
    sample.inFlightBytesBefore = inFlightBytes;
    inFlightBytes -= DATAGRAM;
    totalDelivered += DATAGRAM;
    sample.inFlightBytes = inFlightBytes;
    sample.latestRttNs = rttNs;
    sample.smoothedRttNs = rttNs;
    sample.minimumRttNs = rttNs;
    sample.totalDeliveredBytes = totalDelivered;
    sample.roundTripStart = roundTripStart;
    sample.roundTrip = roundTripStart ? ++roundTrip : roundTrip;
    controller.onAck(nowNs, sample);
  }

  /** The oldest packet is lost. */
  void lose() {
    lose(DATAGRAM);
  }

  /** The oldest packet is lost, which was of that length. */
  void lose(int bytes) {
    LossSample sample = new LossSample();
    sample.packetNumber = oldest++;
    sample.bytes = bytes;
    sample.inFlightWhenSentBytes = inFlightBytes;
    inFlightBytes -= bytes;
    sample.inFlightBytes = inFlightBytes;
    controller.onPacketLost(nowNs, sample);
  }

  /**
   * The window is sent, its first packet lost and the rest acknowledged; then the reduction is
   * over.
   */
  void loseOneOfARoundTrip() {
    fill(Integer.MAX_VALUE);
    long last = nextPacket;
    nowNs += rttNs;
    lose();
    while (oldest < last) {
      ack(false);
    }
    fill(1);
    nowNs += rttNs;
    ack(true);
  }
}
