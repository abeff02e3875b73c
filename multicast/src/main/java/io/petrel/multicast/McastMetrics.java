package io.petrel.multicast;

import io.petrel.multicast.receiver.ReceiverCounters;
import io.petrel.multicast.receiver.Receivers;
import io.petrel.multicast.source.SourceCounters;
import io.petrel.transport.datagram.PortGauges;
import io.petrel.transport.metrics.Counter;
import io.petrel.transport.metrics.Counters;
import java.util.Arrays;

/** What the publications and subscriptions of an engine count, summed up ten times a second. */
final class McastMetrics {
  private static final int FIRST_TYPE = 400;
  private static final long PERIOD_NS = 100_000_000;
  private static final String[] LABELS = {
    "bytes sent",
    "bytes repaired",
    "datagrams sent",
    "NAKs received",
    "turns at the rate limit",
    "turns at the flow control",
    "receivers evicted",
    "receivers excluded",
    "bytes received",
    "bytes missed at first",
    "NAKs sent",
    "ranges lost",
    "datagrams of strangers",
  };

  private final Counter[] counters = new Counter[LABELS.length];
  private final long[] gone = new long[LABELS.length];
  private final long[] sum = new long[LABELS.length];
  private final SourceGauges sources;
  private final PortGauges ports;
  private long nextNs;

  McastMetrics(Counters file, long nowNs) {
    for (int i = 0; i < LABELS.length; i++) {
      counters[i] = file.add("mcast " + LABELS[i], FIRST_TYPE + i);
    }
    sources = new SourceGauges(file);
    ports = new PortGauges(file);
    nextNs = nowNs;
  }

  boolean isDue(long nowNs) {
    return nowNs - nextNs >= 0;
  }

  void publish(long nowNs, McastSender[] senders, McastReader[] readers) {
    nextNs = nowNs + PERIOD_NS;
    System.arraycopy(gone, 0, sum, 0, sum.length);
    sources.begin();
    ports.begin();
    for (int i = 0; i < senders.length; i++) {
      add(sum, senders[i]);
      senders[i].showPorts(ports);
      senders[i].recordEvictions();
    }
    for (int i = 0; i < readers.length; i++) {
      add(sum, readers[i]);
      sources.show(readers[i].receivers());
      readers[i].showPorts(ports);
    }
    sources.end();
    ports.end();
    for (int i = 0; i < sum.length; i++) {
      counters[i].set(sum[i]);
    }
  }

  /** It is about to go: what it has counted stays. */
  void keep(McastSender sender) {
    add(gone, sender);
  }

  /** The same for a subscription. */
  void keep(McastReader reader) {
    add(gone, reader);
  }

  private static void add(long[] to, McastSender sender) {
    SourceCounters from = sender.source().counters();
    to[0] += from.dataBytes();
    to[1] += from.repairBytes();
    to[2] += from.datagrams();
    to[3] += from.naks();
    to[4] += from.rateStalls();
    to[5] += from.flowStalls();
    to[6] += sender.source().group().evictions();
    to[7] += sender.source().group().excludedCount();
  }

  private static void add(long[] to, McastReader reader) {
    Receivers receivers = reader.receivers();
    for (int i = 0; i < receivers.count(); i++) {
      ReceiverCounters from = receivers.receiver(i).counters();
      to[8] += from.bytes();
      to[9] += from.missedBytes();
      to[10] += from.naksSent();
    }
    to[11] += reader.losses();
    to[12] += receivers.strangers();
  }

  @Override
  public String toString() {
    return Arrays.toString(sum);
  }
}
