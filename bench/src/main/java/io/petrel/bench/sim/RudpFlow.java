package io.petrel.bench.sim;

import io.petrel.transport.simulation.MessagePattern;
import io.petrel.transport.simulation.SeededRandom;
import io.petrel.transport.simulation.StreamChecker;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.agrona.DirectBuffer;
import org.agrona.collections.LongArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * One flow: what its sender is to send, what its receiver got, and how the two compare. Message n
 * goes out on stream n modulo the number of streams.
 */
final class RudpFlow {
  private static final long LATENCY_LIMIT_NS = 3_600_000_000_000L; // an hour
  private static final int LATENCY_DIGITS = 3;

  private final int index;
  private final List<MessagePattern> patterns = new ArrayList<>();
  private final List<StreamChecker> checkers = new ArrayList<>();
  private final List<LongArrayQueue> sentAtNs = new ArrayList<>();
  private final Histogram latencies = new Histogram(LATENCY_LIMIT_NS, LATENCY_DIGITS);
  private final RateLog rate = new RateLog();
  private final long messages;
  private long sent;
  private long delivered;
  private long bytes;
  private long lastDeliveryNs;
  private @Nullable String trouble;

  RudpFlow(int index, RudpOptions options, SeededRandom random) {
    this.index = index;
    this.messages = options.messageCount();
    int most = Math.toIntExact(options.messageBytes);
    int least = options.leastMessageBytes == 0 ? most : Math.toIntExact(options.leastMessageBytes);
    for (int stream = 0; stream < options.streams; stream++) {
      MessagePattern pattern =
          new MessagePattern(random.fork("stream", stream).nextLong(), least, most);
      patterns.add(pattern);
      checkers.add(new StreamChecker("flow " + index + " stream " + stream, pattern));
      sentAtNs.add(new LongArrayQueue(Long.MIN_VALUE));
    }
  }

  int index() {
    return index;
  }

  int streams() {
    return patterns.size();
  }

  /** Whether the sender has another message to send. */
  boolean hasNext() {
    return sent < messages;
  }

  /** The number of the message to be sent next, over all streams. */
  long next() {
    return sent;
  }

  int nextStream() {
    return (int) (sent % patterns.size());
  }

  MessagePattern pattern(int stream) {
    return patterns.get(stream);
  }

  /** The next message was taken for sending. */
  void onSent(long intendedNs) {
    sentAtNs.get(nextStream()).addLong(intendedNs);
    sent++;
  }

  void onDelivered(int stream, long nowNs, DirectBuffer buffer, int offset, int length) {
    if (!checkers.get(stream).onMessage(buffer, offset, length)) {
      return;
    }
    long intendedNs = sentAtNs.get(stream).pollLong();
    if (intendedNs == Long.MIN_VALUE) {
      onTrouble("flow " + index + ": a message was delivered that was not sent yet");
      return;
    }
    latencies.recordValue(Math.min(nowNs - intendedNs, LATENCY_LIMIT_NS));
    rate.add(nowNs, length);
    delivered++;
    bytes += length;
    lastDeliveryNs = nowNs;
  }

  /** Something went wrong that no message shows; the first is kept. */
  void onTrouble(String what) {
    if (trouble == null) {
      trouble = what;
    }
  }

  boolean isComplete() {
    return delivered == messages;
  }

  /** What was delivered is not what was sent: a sentence, or null. */
  @Nullable String breach() {
    for (int stream = 0; stream < checkers.size(); stream++) {
      long sentOnStream = (sent - stream + patterns.size() - 1) / patterns.size();
      String failure = checkers.get(stream).failureAfter(sentOnStream);
      if (failure != null) {
        return failure;
      }
    }
    return null;
  }

  /** What else went wrong: a sentence, or null. */
  @Nullable String trouble() {
    return trouble;
  }

  Histogram latencies() {
    return latencies;
  }

  long delivered() {
    return delivered;
  }

  long bytes() {
    return bytes;
  }

  long lastDeliveryNs() {
    return lastDeliveryNs;
  }

  long bytesSince(long fromNs) {
    return rate.bytesSince(fromNs);
  }
}
