package io.petrel.transport.nio;

import io.petrel.transport.datagram.DatagramPortContractTest;
import io.petrel.transport.datagram.DatagramPortFactory;

/** The NIO port over loopback keeps the contract. */
final class NioDatagramPortContractTest extends DatagramPortContractTest {
  @Override
  protected DatagramPortFactory factory() {
    return new NioDatagramPortFactory();
  }

  @Override
  protected void advance() {
    Thread.onSpinWait();
  }

  @Override
  protected long nowNs() {
    return System.nanoTime();
  }
}
