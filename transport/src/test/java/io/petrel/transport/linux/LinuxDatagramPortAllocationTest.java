package io.petrel.transport.linux;

import com.sun.management.ThreadMXBean;
import io.petrel.transport.datagram.DatagramHandler;
import io.petrel.transport.datagram.DatagramPort;
import io.petrel.transport.datagram.DatagramPortFactory;
import io.petrel.transport.datagram.DatagramPortFixture;
import io.petrel.transport.datagram.DatagramTrain;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Sending and receiving by the native port leaves nothing to the garbage collector. */
@EnabledOnOs(OS.LINUX)
final class LinuxDatagramPortAllocationTest extends DatagramPortFixture {
  private static final int WINDOW = 1000;
  private static final int CLEAN_WINDOWS = 5;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private long received;

  @Override
  protected DatagramPortFactory factory() {
    return new LinuxDatagramPortFactory();
  }

  @Override
  protected void advance() {
    Thread.onSpinWait();
  }

  @Override
  protected long nowNs() {
    return System.nanoTime();
  }

  @Test
  void connectedPortsAllocateNothing() throws IOException {
    DatagramPort listener = listener();
    DatagramPort client = connectedTo(listener);
    DatagramPort server = promote(listener, client.localAddress());
    UnsafeBuffer datagram = datagram(1, 64);
    DatagramHandler count = (_, _, _, _) -> received++;

    settlesAtNoAllocation(() -> {
      client.send(datagram, 0, 64);
      receiveOne(server, count);
    });
  }

  @Test
  void unconnectedPortsAllocateNothing() throws IOException {
    DatagramPort first = listener();
    DatagramPort second = listener();
    UnsafeBuffer datagram = datagram(1, 64);
    DatagramHandler answer =
        (buffer, offset, length, source) -> {
          received++;
          second.send(buffer, offset, length, source);
        };
    DatagramHandler count = (_, _, _, _) -> received++;

    settlesAtNoAllocation(() -> {
      first.send(datagram, 0, 64, second.localAddress());
      receiveOne(second, answer);
      receiveOne(first, count);
    });
  }

  @Test
  void trainsAllocateNothing() throws IOException {
    DatagramPort listener = listener();
    DatagramPort client = connectedTo(listener);
    DatagramTrain train = new DatagramTrain(client, null);
    UnsafeBuffer datagram = datagram(1, 300);
    DatagramHandler count = (_, _, _, _) -> received++;

    settlesAtNoAllocation(() -> {
      long before = received;
      for (int i = 0; i < 10; i++) {
        int offset = train.claim(300);
        train.buffer().putBytes(offset, datagram, 0, 300);
        train.commit(300);
      }
      train.flush();
      while (received - before < 10) {
        listener.receive(count, 64);
      }
    });
  }

  private void receiveOne(DatagramPort port, DatagramHandler handler) {
    long before = received;
    while (received == before) {
      port.receive(handler, 1);
    }
  }

  /** Until it is compiled, even what is free of allocation allocates. */
  private void settlesAtNoAllocation(Runnable step) {
    int[] clean = {0};
    long[] allocated = {0};
    await(
        () -> "no allocation; still " + allocated[0] + " bytes in " + WINDOW + " steps",
        () -> {
          long before = threads.getCurrentThreadAllocatedBytes();
          for (int i = 0; i < WINDOW; i++) {
            step.run();
          }
          allocated[0] = threads.getCurrentThreadAllocatedBytes() - before;
          clean[0] = allocated[0] == 0 ? clean[0] + 1 : 0;
          return clean[0] == CLEAN_WINDOWS;
        });
  }
}
