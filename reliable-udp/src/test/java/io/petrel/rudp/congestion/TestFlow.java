package io.petrel.rudp.congestion;

import static io.petrel.rudp.congestion.TestPath.DATAGRAM;
import static io.petrel.rudp.congestion.TestPath.MILLISECOND;

/**
 * One sender and its receiver on a {@link TestPath}: just enough loss detection (by time, with a
 * reordering window that adapts), a probe timeout, pacer and cap to drive a controller as a session
 * would. Lost bytes are sent again as any bytes; what counts is what arrives.
 */
final class TestFlow {
  private static final int SLOTS = 1 << 17;
  private static final byte FREE = 0;
  private static final byte IN_FLIGHT = 1;
  private static final byte LOST = 2;

  final CongestionController controller;
  final DeliveryRateSampler sampler = new DeliveryRateSampler(SLOTS);
  final Pacer pacer;
  final InFlightCap cap;
  boolean capped = true;
  long lastArrivalNs;

  private final TestPath path;
  private final long[] sentNs = new long[SLOTS];
  private final byte[] state = new byte[SLOTS];

  private long totalBytes = Long.MAX_VALUE;
  private long offeredBytesPerSecond;
  private final long startNs;

  private long nextPacket;
  private long oldest;
  private long newestAcked = -1;
  private long inFlightBytes;
  private long srttNs;
  private long varNs;
  private long minRttNs;
  private int reorderSteps = 1;
  private long lastSentNs;
  private int probes;
  private long wakeNs = Long.MAX_VALUE;

  private long episodeEnd = -1;
  private int episodeLost;
  private int episodeLate;

  long sentBytes;
  long deliveredBytes;
  long spuriousBytes;
  int lossEpisodes;
  int undone;
  private long markBytes;
  private long markNs;
  private long completedNs = -1;

  private long[] unacked = new long[0];
  private long expected;
  private long flushDueNs = Long.MAX_VALUE;

  TestFlow(TestPath path, CongestionController controller, long startNs) {
    this.path = path;
    this.controller = controller;
    cap = new InFlightCap(controller);
    this.startNs = startNs;
    pacer = new Pacer(startNs, DATAGRAM);
  }

  TestFlow bytes(long total) {
    totalBytes = total;
    return this;
  }

  TestFlow offering(long bytesPerSecond) {
    offeredBytesPerSecond = bytesPerSecond;
    return this;
  }

  TestFlow uncapped() {
    capped = false;
    return this;
  }

  boolean complete() {
    return completedNs >= 0;
  }

  double seconds() {
    return (completedNs - startNs) / 1e9;
  }

  long inFlightBytes() {
    return inFlightBytes;
  }

  long variationNs() {
    return varNs;
  }

  long smoothedRttNs() {
    return srttNs;
  }

  /** From now on {@link #rateSinceMark()} counts. */
  void mark() {
    markNs = path.nowNs();
    markBytes = deliveredBytes;
  }

  double rateSinceMark() {
    return (deliveredBytes - markBytes) * 1e9 / (path.nowNs() - markNs);
  }

  // ---- receiver

  void receive(long nowNs, long packetNumber, int bytes) {
    deliveredBytes += bytes;
    if (deliveredBytes >= totalBytes && completedNs < 0) {
      completedNs = nowNs;
    }
    long[] more = new long[unacked.length + 1];
    System.arraycopy(unacked, 0, more, 0, unacked.length);
    more[unacked.length] = packetNumber;
    unacked = more;
    boolean inOrder = packetNumber == expected;
    expected = Math.max(expected, packetNumber + 1);
    if (unacked.length >= 2 || !inOrder) {
      flush();
    } else {
      flushDueNs = nowNs + MILLISECOND;
      path.at(flushDueNs, this::flushWhenDue);
    }
  }

  private void flushWhenDue() {
    if (unacked.length > 0 && path.nowNs() >= flushDueNs) {
      flush();
    }
  }

  private void flush() {
    path.acknowledge(this, unacked);
    unacked = new long[0];
    flushDueNs = Long.MAX_VALUE;
  }

  // ---- sender

  void onAck(long nowNs, long[] packets) {
    sampler.beginAck(inFlightBytes);
    long before = newestAcked;
    long newestSentNs = -1;
    boolean any = false;
    for (long packet : packets) {
      int slot = slot(packet);
      if (state[slot] == LOST) {
        onLate(nowNs, packet);
      } else if (state[slot] == IN_FLIGHT) {
        state[slot] = FREE;
        inFlightBytes -= DATAGRAM;
        any = true;
        sampler.onPacketAcked(nowNs, packet, slot, sentNs[slot], DATAGRAM);
        if (packet > newestAcked) {
          newestAcked = packet;
          newestSentNs = sentNs[slot];
        }
      }
    }
    long rttNs = newestAcked > before ? nowNs - newestSentNs : -1;
    if (rttNs >= 0) {
      measure(rttNs);
    }
    if (any) {
      probes = 0;
      detectLosses(nowNs);
      AckSample sample = sampler.endAck(inFlightBytes, rttNs, srttNs, minRttNs, varNs);
      controller.onAck(nowNs, sample);
      cap.onAck(nowNs, sample);
    }
    wake(nowNs);
  }

  private void measure(long rttNs) {
    if (srttNs == 0) {
      srttNs = rttNs;
      varNs = rttNs / 2;
      minRttNs = rttNs;
    } else {
      varNs += (Math.abs(srttNs - rttNs) - varNs) / 4;
      srttNs += (rttNs - srttNs) / 8;
      minRttNs = Math.min(minRttNs, rttNs);
    }
  }

  private void onLate(long nowNs, long packet) {
    state[slot(packet)] = FREE;
    spuriousBytes += DATAGRAM;
    deliveredBytes -= DATAGRAM; // it has been sent twice
    reorderSteps = Math.min(reorderSteps + 1, 16);
    if (packet <= episodeEnd && ++episodeLate == episodeLost) {
      undone++;
      controller.onSpuriousLoss(nowNs);
    }
  }

  private void detectLosses(long nowNs) {
    long limitNs = lossDelayNs();
    while (oldest < newestAcked) {
      int slot = slot(oldest);
      if (state[slot] == IN_FLIGHT) {
        if (nowNs - sentNs[slot] < limitNs) {
          return;
        }
        lose(nowNs, oldest, slot);
      }
      oldest++;
    }
  }

  private long lossDelayNs() {
    return srttNs + Math.min(reorderSteps * (minRttNs / 4), srttNs);
  }

  private void lose(long nowNs, long packet, int slot) {
    state[slot] = LOST;
    inFlightBytes -= DATAGRAM;
    if (packet > episodeEnd) {
      episodeEnd = nextPacket - 1;
      episodeLost = 0;
      episodeLate = 0;
      lossEpisodes++;
    }
    episodeLost++;
    cap.onPacketLost(nowNs, inFlightBytes + DATAGRAM);
    controller.onPacketLost(
        nowNs, sampler.onPacketLost(packet, slot, sentNs[slot], DATAGRAM, inFlightBytes));
  }

  void wake(long nowNs) {
    if (wakeNs <= nowNs) {
      wakeNs = Long.MAX_VALUE;
    }
    detectLosses(nowNs);
    if (inFlightBytes > 0 && nowNs >= probeNs()) {
      probes++;
      sendOne(nowNs);
    }
    pacer.rate(nowNs, controller.pacingRateBytesPerSecond());
    long nextNs = sendAllowed(nowNs);
    if (inFlightBytes > 0) {
      nextNs = Math.min(nextNs, Math.max(probeNs(), nowNs + 1));
      if (oldest < newestAcked && state[slot(oldest)] == IN_FLIGHT) {
        nextNs = Math.min(nextNs, Math.max(sentNs[slot(oldest)] + lossDelayNs(), nowNs + 1));
      }
    }
    if (nextNs < wakeNs) {
      long dueNs = nextNs;
      wakeNs = dueNs;
      path.at(dueNs, () -> wakeIfDue(dueNs));
    }
  }

  private void wakeIfDue(long timeNs) {
    if (timeNs == wakeNs) {
      wake(timeNs);
    }
  }

  private long probeNs() {
    long timeoutNs = srttNs == 0 ? 200 * MILLISECOND : srttNs + 4 * varNs + 2 * MILLISECOND;
    return lastSentNs + (timeoutNs << Math.min(probes, 6));
  }

  /** Sends what window, cap and pacer allow; answers when the pacer or the application has more. */
  private long sendAllowed(long nowNs) {
    while (true) {
      long window = controller.windowBytes();
      if (capped) {
        window = Math.min(window, cap.bytes());
      }
      if (inFlightBytes + DATAGRAM > window) {
        return Long.MAX_VALUE;
      }
      if (offeredBytesPerSecond > 0
          && sentBytes + DATAGRAM > offeredBytesPerSecond * ((nowNs - startNs) / 1e9)) {
        sampler.onApplicationLimited(inFlightBytes);
        return startNs + (long) ((sentBytes + DATAGRAM) * 1e9 / offeredBytesPerSecond) + 1;
      }
      if (pacer.sendableBytes(nowNs) < DATAGRAM) {
        return Math.max(pacer.nextSendNs(nowNs), nowNs + 1);
      }
      if (inFlightBytes == 0 && nextPacket > 0) {
        controller.onIdleRestart(nowNs);
      }
      sendOne(nowNs);
    }
  }

  private void sendOne(long nowNs) {
    long packet = nextPacket++;
    int slot = slot(packet);
    state[slot] = IN_FLIGHT;
    sentNs[slot] = nowNs;
    lastSentNs = nowNs;
    inFlightBytes += DATAGRAM;
    sentBytes += DATAGRAM;
    sampler.onPacketSent(nowNs, slot, DATAGRAM, inFlightBytes);
    controller.onPacketSent(nowNs, packet, DATAGRAM, inFlightBytes);
    pacer.onSent(nowNs, DATAGRAM);
    path.send(this, packet, DATAGRAM);
  }

  private static int slot(long packet) {
    return (int) packet & SLOTS - 1;
  }
}
