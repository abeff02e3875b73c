package io.petrel.bench.peer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The floor of shared memory: two slots in a mapped file, each a message behind a sequence number
 * that the writer publishes last. One message at a time, so it measures the round trip only.
 */
final class CacheLinePeer implements Peer {
  private static final int SLOT_LENGTH = 64 * 1024;
  private static final int MESSAGE_OFFSET = 16;

  @Override
  public String name() {
    return "cache-line";
  }

  @Override
  public @Nullable String unavailable(boolean bulk, double loss) {
    return bulk ? "holds one message at a time" : Peer.super.unavailable(bulk, loss);
  }

  @Override
  public boolean needsOneHost() {
    return true;
  }

  @Override
  public Endpoint open(Setup setup) throws IOException {
    Path file = setup.directory().resolve("cache-line");
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(1), 2L * SLOT_LENGTH - 1);
      return new SlotEndpoint(
          channel.map(FileChannel.MapMode.READ_WRITE, 0, 2L * SLOT_LENGTH), setup.initiator());
    }
  }

  private static final class SlotEndpoint implements Endpoint {
    private final UnsafeBuffer out;
    private final UnsafeBuffer in;
    private long sent;
    private long received;

    SlotEndpoint(MappedByteBuffer mapped, boolean initiator) {
      mapped.order(ByteOrder.nativeOrder());
      out = new UnsafeBuffer(mapped, initiator ? 0 : SLOT_LENGTH, SLOT_LENGTH);
      in = new UnsafeBuffer(mapped, initiator ? SLOT_LENGTH : 0, SLOT_LENGTH);
    }

    @Override
    public boolean connected() {
      return true;
    }

    @Override
    public boolean send(DirectBuffer buffer, int offset, int length) {
      out.putBytes(MESSAGE_OFFSET, buffer, offset, length);
      out.putInt(8, length);
      out.putLongRelease(0, ++sent); // publishes the message above
      return true;
    }

    @Override
    public int poll(MessageSink sink) {
      if (in.getLongAcquire(0) == received) { // pairs with the writer's release
        return 0;
      }
      received++;
      sink.onMessage(in, MESSAGE_OFFSET, in.getInt(8));
      return 1;
    }

    @Override
    public String settings() {
      return "two slots in a mapped file, busy spin";
    }

    @Override
    public void close() {
      // The mapping goes with the process.
    }
  }
}
