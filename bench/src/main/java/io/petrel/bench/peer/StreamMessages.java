package io.petrel.bench.peer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Cuts the bytes of a Netty stream into messages, each behind its length; empty ones are left out.
 */
final class StreamMessages extends ChannelInboundHandlerAdapter {
  private static final int INITIAL_CAPACITY = 1024 * 1024;

  private ByteBuffer memory = ByteBuffer.allocateDirect(INITIAL_CAPACITY);
  private final UnsafeBuffer bytes = new UnsafeBuffer(memory);

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf read = (ByteBuf) message;
    int length = read.readableBytes();
    if (memory.remaining() < length) {
      grow(length);
    }
    memory.limit(memory.position() + length);
    read.readBytes(memory);
    memory.limit(memory.capacity());
    read.release();
  }

  private void grow(int length) {
    int needed = memory.position() + length;
    ByteBuffer larger = ByteBuffer.allocateDirect(Integer.highestOneBit(needed) << 1);
    larger.put(memory.flip());
    memory = larger;
    bytes.wrap(larger);
  }

  /** Hands over what is complete; returns how many messages. */
  int drain(Endpoint.MessageSink sink) {
    int end = memory.position();
    int start = 0;
    int count = 0;
    while (end - start >= Integer.BYTES) {
      int length = bytes.getInt(start);
      if (end - start - Integer.BYTES < length) {
        break;
      }
      if (length > 0) {
        sink.onMessage(bytes, start + Integer.BYTES, length);
        count++;
      }
      start += Integer.BYTES + length;
    }
    if (start > 0) {
      memory.flip().position(start);
      memory.compact();
    }
    return count;
  }
}
