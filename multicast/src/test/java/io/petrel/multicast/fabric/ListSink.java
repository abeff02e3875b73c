package io.petrel.multicast.fabric;

import io.petrel.transport.datagram.DatagramSink;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Keeps what is written, datagram by datagram. */
public final class ListSink implements DatagramSink {
  private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[65_536]);
  private final List<byte[]> datagrams = new ArrayList<>();

  @Override
  public MutableDirectBuffer buffer() {
    return buffer;
  }

  @Override
  public int claim(int maxLength) {
    return 0;
  }

  @Override
  public void commit(int length) {
    if (length > 0) {
      datagrams.add(Arrays.copyOf(buffer.byteArray(), length));
    }
  }

  /** What has been written since this was asked last. */
  public List<byte[]> take() {
    List<byte[]> taken = List.copyOf(datagrams);
    datagrams.clear();
    return taken;
  }
}
