package io.petrel.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "rudp://10.0.0.5:9000?stream=7",
        "tcp://localhost:0",
        "tcp://[::1]:65535?ring=64KiB&linger=5s",
        "tcp://[fe80::1%eth0]:9000",
        "ipc://quotes?ring=1MiB",
        "ipc:///dir/quotes",
        "mcast://239.1.2.3:5000?interface=lo",
        "aeron:udp?endpoint=localhost:40123|mtu=1408",
      })
  void printsWhatItParsed(String uri) {
    Channel channel = Channel.parse(uri);
    assertEquals(uri, channel.toString());
    assertEquals(channel, Channel.parse(channel.toString()));
  }

  @Test
  void tellsThePartsOfAUri() {
    Channel channel = Channel.parse("tcp://[2001:DB8::1]:9000/path?stream=7&ring=64KiB");
    assertEquals("tcp", channel.scheme());
    assertEquals("2001:db8::1", channel.host());
    assertEquals(9000, channel.port());
    assertEquals("/path", channel.path());
    assertEquals(Map.of("stream", "7", "ring", "64KiB"), channel.parameters());
    assertEquals(7, channel.get(Options.STREAM).orElseThrow());
    assertEquals(65_536L, channel.get(Options.RING).orElseThrow());
    assertTrue(channel.get(Options.LINGER).isEmpty());
    assertEquals(Channel.NO_PORT, Channel.parse("ipc://quotes").port());
    assertEquals(
        "tcp://[2001:db8::1]:9000/path?ring=128KiB",
        channel.without(Options.STREAM).with("ring", "128KiB").toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "TCP://localhost:9000     | it must begin with a scheme",
        "                         | it must begin with a scheme",
        "tcp://localhost:65536    | '65536' is not a port from 0 to 65535",
        "tcp://localhost:-1       | '-1' is not a port",
        "tcp://localhost:         | '' is not a port",
        "tcp://10.0.0.256:1       | '10.0.0.256' is not an IPv4 address",
        "tcp://10.0.0:1           | '10.0.0' is not an IPv4 address",
        "tcp://::1:9000           | stands in brackets",
        "tcp://[::1:9000          | is not an IPv6 address in brackets",
        "tcp://ho st:1            | 'ho st' is neither an address nor a name",
        "tcp://host:1?ring        | 'ring' in its query is not option=value",
        "tcp://host:1?=5          | '=5' in its query is not option=value",
        "tcp://host:1?a=1&a=2     | option 'a' is given twice",
      })
  void refusesWithTheReason(String uri, String reason) {
    ConfigurationException refusal =
        assertThrows(
            ConfigurationException.class, () -> Channel.parse(uri == null ? "" : uri), uri);
    assertTrue(refusal.toString().contains(reason), refusal.toString());
  }
}
