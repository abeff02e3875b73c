package io.petrel.bench.jmh;

import io.petrel.transport.Header;
import io.petrel.transport.MessageHandler;
import io.petrel.transport.SessionInfo;
import io.petrel.transport.ring.ReceiveRing;
import io.petrel.transport.ring.RecordLayout;
import io.petrel.transport.ring.RingMemory;
import io.petrel.transport.ring.SendRing;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * One thread on both ends of the rings, in batches: what a message costs before any network.
 *
 * <pre>
 *   offer x 1024 ---> SendRing ---copyTo 1368 B---> ReceiveRing ---> poll
 *                         ^------- acknowledge ---------'
 * </pre>
 */
public class RingBenchmark extends NanosecondBenchmark {
  private static final int BATCH = 1024;
  private static final int CAPACITY = 1 << 20;

  /** A batch of them divides the capacity, so that no padding is needed. */
  private static final int RECORD_BYTES = 64;

  /** Room for stream bytes in a datagram of 1408 bytes. */
  private static final int DATAGRAM_PAYLOAD_BYTES = 1368;

  /** Bytes of a message. */
  @Param({"32", "288"})
  public int size;

  /** Whether many producers may offer; only one does. */
  @Param({"false", "true"})
  public boolean shared;

  private final UnsafeBuffer message = new UnsafeBuffer(new byte[1024]);
  private final UnsafeBuffer datagram = new UnsafeBuffer(new byte[2048]);
  private SendRing sender = SendRing.exclusive(CAPACITY);
  private ReceiveRing receiver = receiveRing();
  private final UnsafeBuffer records = new UnsafeBuffer(new byte[BATCH * RECORD_BYTES]);
  private final UnsafeBuffer oneRecord = new UnsafeBuffer(new byte[BATCH * RECORD_BYTES]);
  private long bytesRead;
  private final MessageHandler handler =
      (buffer, offset, length, header) -> bytesRead += buffer.getLong(offset);

  private static ReceiveRing receiveRing() {
    return new ReceiveRing(
        CAPACITY,
        0,
        64,
        RingMemory.unlimited(),
        new Header(new SessionInfo(1, 0, null)),
        new ReceiveRing.Listener() {
          @Override
          public void onHandlerError(final Throwable error) {
            throw new IllegalStateException(error);
          }

          @Override
          public void onLoss(final long fromPosition, final long toPosition) {
            throw new IllegalStateException("loss at " + fromPosition);
          }
        });
  }

  /** Fresh rings. */
  @Setup
  public void setUp() {
    sender = shared ? SendRing.shared(CAPACITY) : SendRing.exclusive(CAPACITY);
    receiver = receiveRing();
    for (int i = 0; i < BATCH; i++) {
      records.putLong(
          i * RECORD_BYTES, RecordLayout.header(RECORD_BYTES, RecordLayout.TYPE_MESSAGE));
    }
    oneRecord.putLong(0, RecordLayout.header(BATCH * RECORD_BYTES, RecordLayout.TYPE_MESSAGE));
  }

  private void acknowledgeAll() {
    sender.sentPosition(sender.writtenPosition());
    sender.acknowledge(sender.sentPosition());
  }

  private void replicateAll() {
    final long written = sender.writtenPosition();
    long position = sender.sentPosition();
    while (position < written) {
      final int length = (int) Math.min(DATAGRAM_PAYLOAD_BYTES, written - position);
      sender.copyTo(position, length, datagram, 0);
      receiver.insert(position, datagram, 0, length);
      position += length;
    }
    sender.sentPosition(position);
    sender.acknowledge(position);
  }

  /** Offers, and the engine's share of freeing the bytes. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public void offer() {
    for (int i = 0; i < BATCH; i++) {
      sender.offer(message, 0, size);
    }
    acknowledgeAll();
  }

  /** Claims, writes one word, commits. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public void claimAndCommit() {
    for (int i = 0; i < BATCH; i++) {
      final long position = sender.tryClaim(size);
      sender.buffer().putLong(sender.payloadIndex(position), i);
      sender.commit(position);
    }
    acknowledgeAll();
  }

  /** Offers, brings the bytes over in a datagram's sizes, reads. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public void offerAndReplicateAndPoll() {
    for (int i = 0; i < BATCH; i++) {
      sender.offer(message, 0, size);
    }
    replicateAll();
    receiver.poll(handler, BATCH);
  }

  /** Puts a batch of bytes into the receiver's ring and reads it as so many messages. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public void insertAndPoll() {
    receiver.insert(receiver.contiguousPosition(), records, 0, records.capacity());
    receiver.poll(handler, BATCH);
  }

  /** The same bytes as one message: take it away from {@link #insertAndPoll}, a poll is left. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public void insertAndPollAsOne() {
    receiver.insert(receiver.contiguousPosition(), oneRecord, 0, oneRecord.capacity());
    receiver.poll(handler, BATCH);
  }
}
