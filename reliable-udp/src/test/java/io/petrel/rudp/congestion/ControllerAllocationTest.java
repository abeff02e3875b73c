package io.petrel.rudp.congestion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing here may allocate once it runs: measured over the last windows, after warm-up. */
class ControllerAllocationTest {
  private static final int SLOTS = 1 << 10;
  private static final int DATAGRAM = 1_400;
  private static final long RTT_NS = 1_000_000;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @ParameterizedTest
  @ValueSource(strings = {"cubic", "bbr", "fixed"})
  void allocatesNothing(String name) {
    Loop loop = new Loop(name);
    long least = Long.MAX_VALUE;
    for (int window = 0; window < 20; window++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      loop.run(20_000);
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    assertTrue(loop.lost > 1_000, "losses " + loop.lost);
    assertTrue(loop.answers != 0, "the pacer and the cap were asked");
    assertEquals(0, least, "bytes allocated in 20,000 packets");
  }

  /** A packet sent each 10 us, acknowledged a round trip later, now and then lost or late. */
  private static final class Loop {
    private final CongestionController controller;
    private final DeliveryRateSampler sampler = new DeliveryRateSampler(SLOTS);
    private final InFlightCap cap;
    private final Pacer pacer = new Pacer(0, DATAGRAM);
    private final long[] sentNs = new long[SLOTS];
    private long nowNs;
    private long next;
    private long oldest;
    private long inFlightBytes;
    long answers;
    long lost;

    Loop(String name) {
      controller =
          CongestionControllers.find(name).create(0, CongestionSettings.defaults(DATAGRAM));
      cap = new InFlightCap(controller);
    }

    void run(int packets) {
      for (int i = 0; i < packets; i++) {
        nowNs += 10_000;
        pacer.rate(nowNs, controller.pacingRateBytesPerSecond());
        answers += pacer.sendableBytes(nowNs) + pacer.nextSendNs(nowNs) + cap.bytes();
        send();
        while (nowNs - sentNs[(int) oldest & SLOTS - 1] >= RTT_NS) {
          receive();
        }
      }
    }

    private void send() {
      int slot = (int) next & SLOTS - 1;
      sentNs[slot] = nowNs;
      inFlightBytes += DATAGRAM;
      sampler.onPacketSent(nowNs, slot, DATAGRAM, inFlightBytes);
      controller.onPacketSent(nowNs, next++, DATAGRAM, inFlightBytes);
      pacer.onSent(nowNs, DATAGRAM);
    }

    private void receive() {
      int slot = (int) oldest & SLOTS - 1;
      inFlightBytes -= DATAGRAM;
      if (oldest % 97 == 0) {
        lost++;
        cap.onPacketLost(nowNs, inFlightBytes + DATAGRAM);
        controller.onPacketLost(
            nowNs, sampler.onPacketLost(oldest, slot, sentNs[slot], DATAGRAM, inFlightBytes));
        if (oldest % 9_700 == 0) {
          controller.onSpuriousLoss(nowNs);
        }
      } else {
        sampler.beginAck(inFlightBytes + DATAGRAM);
        sampler.onPacketAcked(nowNs, oldest, slot, sentNs[slot], DATAGRAM);
        AckSample sample = sampler.endAck(inFlightBytes, RTT_NS, RTT_NS, RTT_NS, 0);
        cap.onAck(nowNs, sample);
        controller.onAck(nowNs, sample);
      }
      oldest++;
    }
  }
}
