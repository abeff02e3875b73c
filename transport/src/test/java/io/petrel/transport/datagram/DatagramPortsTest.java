package io.petrel.transport.datagram;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

final class DatagramPortsTest {
  @Test
  @EnabledOnOs(
      value = OS.LINUX,
      architectures = {"amd64", "aarch64"})
  void choosesTheNativePortWhereItRuns() {
    assertEquals("native", DatagramPorts.choose(DatagramPorts.FASTEST).name());
  }

  @Test
  void opensTheKindThatIsAskedFor() {
    assertEquals("nio", DatagramPorts.choose("nio").name());
  }

  @Test
  void namesAKindThatDoesNotExistAndThoseThatDo() {
    Exception e =
        assertThrows(IllegalArgumentException.class, () -> DatagramPorts.choose("carrier-pigeon"));
    String message = String.valueOf(e.getMessage());
    assertTrue(message.contains("carrier-pigeon") && message.contains("nio"), message);
  }

  @Test
  void namesAnOptionOutOfRange() {
    Exception e =
        assertThrows(IllegalArgumentException.class, () -> new DatagramPortOptions().dscp(64));
    assertEquals("dscp must be from 0 to 63, not 64", e.getMessage());
  }
}
