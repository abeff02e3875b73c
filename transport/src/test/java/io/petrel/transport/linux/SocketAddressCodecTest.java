package io.petrel.transport.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.petrel.transport.datagram.EndpointAddress;
import java.util.HexFormat;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

final class SocketAddressCodecTest {
  private final byte[] bytes = new byte[SocketAddressCodec.MAX_LENGTH];
  private final UnsafeBuffer buffer = new UnsafeBuffer(bytes);

  @Test
  void writesIpv4AsTheKernelReadsIt() {
    EndpointAddress address = EndpointAddress.of("10.1.2.3", 0x1234);

    assertEquals(16, SocketAddressCodec.write(buffer, 0, address, false));
    assertArrayEquals(
        HexFormat.of().parseHex("0200" + "1234" + "0a010203" + "00".repeat(20)), bytes);
  }

  @Test
  void writesIpv6WithItsScopeAsTheKernelReadsIt() {
    EndpointAddress address = new EndpointAddress().setIpv6(0xFE80L << 48, 1, 0x1234, 5);

    assertEquals(28, SocketAddressCodec.write(buffer, 0, address, true));
    assertArrayEquals(
        HexFormat.of()
            .parseHex("0a00" + "1234" + "00000000" + "fe80" + "00".repeat(13) + "01" + "05000000"),
        bytes);
  }

  @Test
  void mapsIpv4OntoAnIpv6Socket() {
    EndpointAddress address = EndpointAddress.of("10.1.2.3", 0x1234);

    SocketAddressCodec.write(buffer, 0, address, true);
    assertArrayEquals(
        HexFormat.of()
            .parseHex("0a00" + "1234" + "00000000" + "00".repeat(10) + "ffff" + "0a01020300000000"),
        bytes);
  }

  @Test
  void readsWhatItWrote() {
    List<EndpointAddress> addresses =
        List.of(
            EndpointAddress.of("255.1.2.3", 65_535),
            EndpointAddress.of("2001:db8::ffff:1", 1),
            new EndpointAddress().setIpv6(0xFE80L << 48, -1, 40_000, 7));
    for (EndpointAddress address : addresses) {
      EndpointAddress read = new EndpointAddress();

      SocketAddressCodec.write(buffer, 0, address, true);
      SocketAddressCodec.read(buffer, 0, read);

      assertEquals(address, read);
    }
  }
}
