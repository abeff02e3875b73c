package io.petrel.transport.datagram;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EndpointAddressTest {
  @Test
  void survivesTheWayThroughTheJdksAddresses() {
    for (String host : List.of("0.0.0.0", "10.1.2.3", "255.255.255.255", "::1", "2001:db8::5")) {
      InetSocketAddress address = new InetSocketAddress(host, 65_535);

      assertEquals(address, EndpointAddress.of(address).toInetSocketAddress());
    }
  }

  @Test
  void takesAMappedAddressForTheIpv4AddressItStandsFor() {
    EndpointAddress mapped = new EndpointAddress().setIpv6(0, 0xFFFF_0A01_0203L, 9000, 4);

    assertEquals(EndpointAddress.of("10.1.2.3", 9000), mapped);
    assertEquals("10.1.2.3:9000", mapped.toString());
  }

  @Test
  void isEqualOnlyWhenEveryPartIs() {
    EndpointAddress address = new EndpointAddress().setIpv6(1, 2, 3, 4);

    assertEquals(address, address.copy());
    assertEquals(address.hashCode(), address.copy().hashCode());
    assertNotEquals(address, new EndpointAddress().setIpv6(9, 2, 3, 4));
    assertNotEquals(address, new EndpointAddress().setIpv6(1, 9, 3, 4));
    assertNotEquals(address, new EndpointAddress().setIpv6(1, 2, 9, 4));
    assertNotEquals(address, new EndpointAddress().setIpv6(1, 2, 3, 9));
    assertNotEquals(new EndpointAddress().setIpv4(1, 3), new EndpointAddress().setIpv6(0, 1, 3, 0));
  }

  @Test
  void rememberedLocalAddressIsNoPartOfItsIdentity() {
    EndpointAddress plain = EndpointAddress.of("10.0.0.1", 5);
    EndpointAddress heard = plain.copy().heardAt(0, 0x0A00_0002L);

    assertEquals(plain, heard);
    assertEquals(plain.hashCode(), heard.hashCode());
    assertEquals(EndpointAddress.of("10.0.0.2", 7), heard.copy().heardAt(7));
    assertThrows(IllegalStateException.class, () -> plain.heardAt(7));
    assertFalse(heard.setIpv4(1, 1).heardAtKnown(), "another address was heard nowhere yet");
  }

  @Test
  void knowsSpecialAddresses() {
    assertTrue(EndpointAddress.of("239.1.1.1", 1).isMulticast());
    assertTrue(EndpointAddress.of("ff02::1", 1).isMulticast());
    assertFalse(EndpointAddress.of("127.0.0.1", 1).isMulticast());
    assertTrue(EndpointAddress.of("127.3.0.1", 1).isLoopback());
    assertTrue(EndpointAddress.of("::1", 1).isLoopback());
    assertTrue(EndpointAddress.of("::", 1).isWildcard());
    assertFalse(EndpointAddress.of("10.0.0.1", 1).isWildcard());
  }

  @Test
  void namesAHostThatDoesNotResolve() {
    InetSocketAddress unresolved = InetSocketAddress.createUnresolved("no.such.host", 1);

    Exception e =
        assertThrows(IllegalArgumentException.class, () -> EndpointAddress.of(unresolved));
    assertTrue(String.valueOf(e.getMessage()).contains("no.such.host"), e.toString());
  }
}
