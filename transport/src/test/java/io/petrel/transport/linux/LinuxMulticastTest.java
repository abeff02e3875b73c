package io.petrel.transport.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.petrel.transport.datagram.DatagramPort;
import io.petrel.transport.datagram.DatagramPortFactory;
import io.petrel.transport.datagram.DatagramPortFixture;
import io.petrel.transport.datagram.EndpointAddress;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What is particular to groups at the native port. */
@EnabledOnOs(OS.LINUX)
final class LinuxMulticastTest extends DatagramPortFixture {
  private static final int SEGMENT = 1408;

  /** As many as this test has addresses for; the system's limit is 20 unless it was raised. */
  private static final int MOST_GROUPS = 250;

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

  private DatagramPort member(EndpointAddress bound) throws IOException {
    return open(
        options().localAddress(bound).addressShared(true).multicastInterface(multicastInterface()));
  }

  private static EndpointAddress group(int number, int port) {
    return EndpointAddress.of("239.77.2." + number, port);
  }

  @Test
  void aTrainToAGroupIsOneCallForTheSenderAndOneForEachMember() throws IOException {
    DatagramPort first = member(group(1, 0));
    EndpointAddress group = group(1, first.localAddress().port());
    DatagramPort second = member(group);
    first.join(group, null, null);
    second.join(group, null, null);
    DatagramPort sender = member(host(EndpointAddress.IPV4));
    int datagrams = 46; // 64,768 bytes

    sendTrain(sender, group, train(0, datagrams * SEGMENT, SEGMENT), SEGMENT);

    assertEquals(1, sender.statistics().sendCalls);
    for (DatagramPort member : List.of(first, second)) {
      assertEquals(numbersFrom(0, datagrams), numbers(receiveUntil(member, datagrams)));
      assertEquals(1, member.statistics().receiveCalls);
      assertEquals(1, member.statistics().trainsReceived);
    }
  }

  @Test
  void saysWhatToDoWhenASocketTakesNoMoreGroups() throws IOException {
    DatagramPort full = member(EndpointAddress.of("0.0.0.0", 0));
    int port = full.localAddress().port();
    String message = "";
    int joined = 0;
    while (message.isEmpty() && joined < MOST_GROUPS) {
      try {
        full.join(group(joined + 1, port), null, null);
        joined++;
      } catch (IOException e) {
        message = String.valueOf(e.getMessage());
      }
    }
    assumeTrue(joined < MOST_GROUPS, "the limit of groups a socket is raised here");
    EndpointAddress tooMany = group(joined + 1, port);

    assertTrue(joined > 0, message);
    assertTrue(message.contains(tooMany.toString()), message);
    assertTrue(message.contains("igmp_max_memberships"), message);

    DatagramPort another = member(tooMany);
    another.join(tooMany, null, null);
    DatagramPort sender = member(host(EndpointAddress.IPV4));
    send(sender, tooMany, datagram(1, 64));
    send(sender, group(joined, port), datagram(2, 64));
    assertEquals(List.of(1), numbers(receiveUntil(another, 1)));
    assertEquals(List.of(2), numbers(receiveUntil(full, 1)));
  }
}
