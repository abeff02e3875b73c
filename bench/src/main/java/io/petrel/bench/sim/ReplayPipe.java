package io.petrel.bench.sim;

import io.petrel.multicast.join.JoinedStream;
import io.petrel.multicast.join.ReplayFeed;
import io.petrel.transport.time.Deadline;
import java.util.ArrayDeque;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The way between a late receiver and the journal's keeper, as reliable UDP would be it: in order,
 * nothing lost, half a round trip long, and no more on its way than a ring holds.
 */
final class ReplayPipe implements ReplayFeed.Sink {
  private static final int MOST_BYTES = 1 << 20;

  private record Parcel(long dueNs, UnsafeBuffer bytes) {}

  private final long delayNs;
  private final ReplayFeed feed;
  private final ArrayDeque<Parcel> requests = new ArrayDeque<>();
  private final ArrayDeque<Parcel> chunks = new ArrayDeque<>();
  private final UnsafeBuffer request = new UnsafeBuffer(new byte[64]);
  private long underWay;
  private long nowNs;

  ReplayPipe(long delayNs, ReplayFeed feed) {
    this.delayNs = delayNs;
    this.feed = feed;
  }

  /** The keeper's side: what it is asked for, and what it sends; returns the bytes of that. */
  int serve(long now, int budget) {
    nowNs = now;
    while (!requests.isEmpty() && requests.peek().dueNs <= now) {
      UnsafeBuffer bytes = requests.remove().bytes;
      feed.onRequest(bytes, 0, bytes.capacity());
    }
    return budget > 0 ? feed.poll(this, budget) : 0;
  }

  @Override
  public long offer(
      DirectBuffer header,
      int headerOffset,
      int headerLength,
      DirectBuffer bytes,
      int offset,
      int length) {
    if (underWay > MOST_BYTES) {
      return -1;
    }
    UnsafeBuffer parcel = new UnsafeBuffer(new byte[headerLength + length]);
    parcel.putBytes(0, header, headerOffset, headerLength);
    parcel.putBytes(headerLength, bytes, offset, length);
    chunks.add(new Parcel(nowNs + delayNs, parcel));
    underWay += parcel.capacity();
    return 0;
  }

  /** When the keeper has something to look at; where a feed is active that is soon. */
  long keeperDeadlineNs(long now) {
    long deadlineNs = requests.isEmpty() ? Deadline.NONE : requests.peek().dueNs;
    return feed.isActive() ? Deadline.earlier(deadlineNs, now + 2 * delayNs) : deadlineNs;
  }

  /** The receiver's side: what came, and what it asks for; returns what was done. */
  int receive(long now, JoinedStream stream) {
    int done = 0;
    while (!chunks.isEmpty() && chunks.peek().dueNs <= now) {
      UnsafeBuffer bytes = chunks.peek().bytes;
      if (!stream.onChunk(now, bytes, 0, bytes.capacity())) {
        break;
      }
      underWay -= bytes.capacity();
      chunks.remove();
      done++;
    }
    int length = stream.request(request);
    if (length > 0) {
      UnsafeBuffer copy = new UnsafeBuffer(new byte[length]);
      copy.putBytes(0, request, 0, length);
      requests.add(new Parcel(now + delayNs, copy));
      stream.requestSent();
      done++;
    }
    return done;
  }

  /** When the next chunk comes; one that found no room is offered again before long. */
  long receiverDeadlineNs(long now) {
    if (chunks.isEmpty()) {
      return Deadline.NONE;
    }
    long dueNs = chunks.peek().dueNs;
    return dueNs > now ? dueNs : now + delayNs;
  }
}
