package io.petrel.transport.linux;

import io.petrel.transport.datagram.DatagramPortContractTest;
import io.petrel.transport.datagram.DatagramPortFactory;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The native port over loopback keeps the contract. */
@EnabledOnOs(OS.LINUX)
final class LinuxDatagramPortContractTest extends DatagramPortContractTest {
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
}
