package io.petrel.bench.sim;

import io.petrel.codecs.DatagramHeader;
import io.petrel.codecs.FrameCursor;
import io.petrel.codecs.wire.FanOutDataFrameDecoder;
import io.petrel.codecs.wire.NakFrameDecoder;
import io.petrel.transport.simulation.DatagramView;
import io.petrel.transport.simulation.DropCause;
import io.petrel.transport.simulation.NetworkObserver;
import io.petrel.transport.simulation.SimulatedLink;
import io.petrel.transport.simulation.SimulatedNetwork;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Watches the wire and the readers of a simulated fan-out: what was lost, for whom, when somebody
 * asked for it, when it came; what repairs took of the source's rate.
 */
final class MulticastRecord implements NetworkObserver {
  private static final long WINDOW_NS = 10_000_000;
  private static final int UDP_HEADERS = SimulatedNetwork.IPV4_HEADERS;

  /** A loss that all receivers have in common. */
  private static final class SharedLoss {
    long end;
    final long lostNs;
    long firstNakNs = -1;

    SharedLoss(long end, long lostNs) {
      this.end = end;
      this.lostNs = lostNs;
    }
  }

  private final MulticastOptions options;
  private final List<SimulatedLink> sourceLinks;
  private final FrameCursor cursor = new FrameCursor();
  private final FanOutDataFrameDecoder data = new FanOutDataFrameDecoder();
  private final NakFrameDecoder nak = new NakFrameDecoder();
  private final TreeMap<Long, SharedLoss> shared = new TreeMap<>();
  private final Set<Long> lostOnALine = new HashSet<>();
  private final Histogram latencies = new Histogram(3);
  private final Histogram recoveries = new Histogram(3);
  private final Histogram firstNaks = new Histogram(3);
  private final List<long[]> repairWindows = new ArrayList<>();
  private long[] sentPositions = new long[1024];
  private long[] sentNs = new long[1024];
  private int sentCount;
  private long sharedDropsSeen;
  private long dataDatagrams;
  private long lastDeliveryNs;
  private long lossEvents;
  private long naks;
  private long sharedNaks;
  private @Nullable MulticastSender sender;

  MulticastRecord(MulticastOptions options, List<SimulatedLink> sourceLinks) {
    this.options = options;
    this.sourceLinks = sourceLinks;
  }

  void sender(MulticastSender theSender) {
    sender = theSender;
  }

  /** A reader got a message. */
  void onMessage(int receiver, long nowNs, long number) {
    lastDeliveryNs = nowNs;
    if (receiver >= options.crybaby.receivers() && receiver < options.receivers) {
      latencies.recordValue(Math.max(nowNs - Objects.requireNonNull(sender).intendedNs(number), 0));
    }
  }

  /** Missing bytes came: how long after they would have come had they not been lost. */
  void onFilled(int receiver, long nowNs, long from, long to) {
    if (receiver < options.crybaby.receivers()) {
      return;
    }
    int index = Arrays.binarySearch(sentPositions, 0, sentCount, from);
    int sent = index >= 0 ? index : -index - 2;
    if (sent >= 0) {
      long expectedNs = sentNs[sent] + options.roundTripNs / 2;
      recoveries.recordValue(Math.max(nowNs - expectedNs, 0));
    }
  }

  @Override
  public void onSent(long nowNs, DatagramView datagram) {
    DirectBuffer buffer = datagram.buffer();
    cursor.wrap(buffer, 0, datagram.length());
    boolean isRepair = false;
    while (cursor.next()) {
      if (cursor.templateId() == FanOutDataFrameDecoder.TEMPLATE_ID) {
        data.wrap(buffer, cursor.body(), cursor.blockLength(), cursor.version());
        isRepair |= data.flags().repair();
        if (!data.flags().repair()) {
          onDataSent(nowNs, data.position());
        }
      } else if (cursor.templateId() == NakFrameDecoder.TEMPLATE_ID) {
        nak.wrap(buffer, cursor.body(), cursor.blockLength(), cursor.version());
        onNak(nowNs);
      }
    }
    if (isRepair) {
      onRepairSent(nowNs, datagram.length());
    }
  }

  private void onDataSent(long nowNs, long position) {
    if (sentCount > 0 && sentPositions[sentCount - 1] >= position) {
      return; // The other line's copy.
    }
    if (sentCount == sentPositions.length) {
      sentPositions = Arrays.copyOf(sentPositions, 2 * sentCount);
      sentNs = Arrays.copyOf(sentNs, 2 * sentCount);
    }
    sentPositions[sentCount] = position;
    sentNs[sentCount++] = nowNs;
    dataDatagrams++;
  }

  private void onRepairSent(long nowNs, int length) {
    int window = (int) (nowNs / WINDOW_NS);
    if (repairWindows.isEmpty() || repairWindows.getLast()[0] != window) {
      repairWindows.add(new long[] {window, 0});
    }
    repairWindows.getLast()[1] += length + UDP_HEADERS;
  }

  private void onNak(long nowNs) {
    naks++;
    boolean ofShared = false;
    for (NakFrameDecoder.RangesDecoder range : nak.ranges()) {
      long from = range.position();
      long to = from + range.length();
      Map.Entry<Long, SharedLoss> entry = shared.lowerEntry(to);
      while (entry != null && entry.getValue().end > from) {
        ofShared = true;
        SharedLoss loss = entry.getValue();
        if (loss.firstNakNs < 0) {
          loss.firstNakNs = nowNs;
          firstNaks.recordValue(Math.max(nowNs - loss.lostNs - options.roundTripNs / 2, 0));
        }
        entry = shared.lowerEntry(entry.getKey());
      }
    }
    sharedNaks += ofShared ? 1 : 0;
  }

  @Override
  public void onDropped(long nowNs, DatagramView datagram, DropCause cause) {
    long sharedDrops = 0;
    for (int i = 0; i < sourceLinks.size(); i++) {
      sharedDrops += sourceLinks.get(i).counters().injectedDrops();
    }
    boolean isShared = sharedDrops != sharedDropsSeen;
    sharedDropsSeen = sharedDrops;
    if (!cause.isInjected()) {
      return;
    }
    DirectBuffer buffer = datagram.buffer();
    cursor.wrap(buffer, 0, DatagramHeader.datagramLength(buffer, 0));
    while (cursor.next()) {
      if (cursor.templateId() == FanOutDataFrameDecoder.TEMPLATE_ID) {
        data.wrap(buffer, cursor.body(), cursor.blockLength(), cursor.version());
        if (!data.flags().repair()) {
          lossEvents++;
          if (isShared && isLostOnAllLines(data.position())) {
            onShared(nowNs, data.position(), data.position() + cursor.payloadLength());
          }
        }
      }
    }
  }

  /** With two lines the first loss of some bytes hurts nobody. */
  private boolean isLostOnAllLines(long position) {
    return options.lines == 1 || !lostOnALine.add(position);
  }

  /** Losses one behind the other are one hole to a receiver, and one event. */
  private void onShared(long nowNs, long from, long to) {
    SharedLoss last = shared.isEmpty() ? null : shared.lastEntry().getValue();
    if (last != null && last.end == from) {
      last.end = to;
    } else {
      shared.put(from, new SharedLoss(to, nowNs));
    }
  }

  /** When the last message was delivered to anybody. */
  long lastDeliveryNs() {
    return lastDeliveryNs;
  }

  long naks() {
    return naks;
  }

  long lossEvents() {
    return lossEvents;
  }

  long dataDatagrams() {
    return dataDatagrams;
  }

  /** NAKs for what was lost for all, on all lines. */
  long sharedNaks() {
    return sharedNaks;
  }

  double naksPerSharedEvent() {
    return shared.isEmpty() ? 0 : (double) sharedNaks / shared.size();
  }

  long sharedEvents() {
    return shared.size();
  }

  /** The most of the source's rate that repairs took in any 10 ms. */
  double mostRepairShare() {
    long most = 0;
    for (long[] window : repairWindows) {
      most = Math.max(most, window[1]);
    }
    return most * 8 / (options.rateBitsPerSecond * (WINDOW_NS / 1e9));
  }

  Histogram latencies() {
    return latencies;
  }

  Histogram recoveries() {
    return recoveries;
  }

  Histogram firstNaks() {
    return firstNaks;
  }
}
