package io.petrel.transport.datagram;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The part of the ports' contract that is about IPv6 and multicast groups. */
abstract class DatagramPortFamiliesAndGroups extends DatagramPortFixture {
  private static final int SEGMENT = 1408;
  private static final EndpointAddress GROUP = EndpointAddress.of("239.77.1.9", 0);
  private static final EndpointAddress SOURCE_SPECIFIC_GROUP = EndpointAddress.of("232.77.1.9", 0);

  // ---- IPv6

  @Test
  void carriesDatagramsOverIpv6() throws IOException {
    assumeTrue(hasIpv6(), "no IPv6 here");
    DatagramPort listener = open(options().localAddress(host(EndpointAddress.IPV6)));
    DatagramPort client = connectedTo(listener);
    sendTrain(client, null, train(0, 5 * SEGMENT, SEGMENT), SEGMENT);

    List<Received> received = receiveUntil(listener, 5);
    DatagramPort promoted = promote(listener, received.getFirst().source());
    send(promoted, null, datagram(9, 64));

    assertEquals(numbersFrom(0, 5), numbers(received));
    assertEquals(client.localAddress(), received.getFirst().source());
    assertEquals(EndpointAddress.IPV6, received.getFirst().source().family());
    assertEquals(List.of(9), numbers(receiveUntil(client, 1)));
  }

  @Test
  void servesBothFamiliesAtTheIpv6Wildcard() throws IOException {
    assumeTrue(hasIpv6(), "no IPv6 here");
    DatagramPort listener = open(options().localAddress(EndpointAddress.of("::", 0)));
    int port = listener.localAddress().port();
    DatagramPort client4 = open(options().remoteAddress(host(EndpointAddress.IPV4).port(port)));
    DatagramPort client6 =
        open(
            options()
                .localAddress(host(EndpointAddress.IPV6))
                .remoteAddress(host(EndpointAddress.IPV6).port(port)));

    send(client4, null, datagram(1, 64));
    EndpointAddress peer4 = receiveUntil(listener, 1).getFirst().source();
    send(client6, null, datagram(2, 64));
    EndpointAddress peer6 = receiveUntil(listener, 2).getLast().source();
    send(listener, peer4, datagram(3, 64));
    send(listener, peer6, datagram(4, 64));

    assertEquals(client4.localAddress(), peer4);
    assertEquals(client6.localAddress(), peer6);
    assertEquals(List.of(3), numbers(receiveUntil(client4, 1)));
    assertEquals(List.of(4), numbers(receiveUntil(client6, 1)));
    DatagramPort promoted = promote(listener, peer4);
    send(client4, null, datagram(5, 64));
    assertEquals(List.of(5), numbers(receiveUntil(promoted, 1)));
  }

  // ---- multicast

  @Test
  void carriesADatagramToAllMembersOfAGroup() throws IOException {
    DatagramPort first = member(GROUP, 0);
    EndpointAddress group = GROUP.copy().port(first.localAddress().port());
    DatagramPort second = member(GROUP, group.port());
    first.join(group, null, multicastInterface());
    second.join(group, null, multicastInterface());
    DatagramPort sender = sender(host(EndpointAddress.IPV4));

    send(sender, group, datagram(1, 64));
    sendTrain(sender, group, train(2, 3 * SEGMENT, SEGMENT), SEGMENT);

    for (DatagramPort member : List.of(first, second)) {
      List<Received> received = receiveUntil(member, 4);
      assertEquals(numbersFrom(1, 4), numbers(received));
      assertEquals(sender.localAddress(), received.getFirst().source());
    }
  }

  @Test
  void hearsOnlyTheGroupsItJoinedItselfAndNoneAfterLeaving() throws IOException {
    DatagramPort wildcard = member(EndpointAddress.of("0.0.0.0", 0), 0);
    EndpointAddress joined = GROUP.copy().port(wildcard.localAddress().port());
    EndpointAddress foreign = EndpointAddress.of("239.77.1.10", joined.port());
    member(foreign, foreign.port()).join(foreign, null, multicastInterface());
    wildcard.join(joined, null, multicastInterface());
    DatagramPort sender = sender(host(EndpointAddress.IPV4));
    EndpointAddress direct = host(EndpointAddress.IPV4).port(joined.port());

    send(sender, foreign, datagram(1, 64));
    send(sender, joined, datagram(2, 64));
    assertEquals(List.of(2), numbers(receiveUntil(wildcard, 1)));
    wildcard.leave(joined, null, multicastInterface());
    send(sender, joined, datagram(3, 64));
    send(sender, direct, datagram(4, 64));

    assertEquals(List.of(2, 4), numbers(receiveUntil(wildcard, 2)));
    assertThrows(IOException.class, () -> wildcard.leave(joined, null, multicastInterface()));
  }

  @Test
  void hearsOnlyTheChosenSourceOfASourceSpecificGroup() throws IOException {
    DatagramPort member = member(SOURCE_SPECIFIC_GROUP, 0);
    EndpointAddress group = SOURCE_SPECIFIC_GROUP.copy().port(member.localAddress().port());
    DatagramPort wanted = sender(host(EndpointAddress.IPV4));
    DatagramPort other = sender(otherHost());
    member.join(group, wanted.localAddress(), multicastInterface());

    send(other, group, datagram(1, 64));
    send(wanted, group, datagram(2, 64));

    assertEquals(List.of(2), numbers(receiveUntil(member, 1)));
    member.leave(group, wanted.localAddress(), multicastInterface());
    member.join(group, other.localAddress(), multicastInterface());
    send(wanted, group, datagram(3, 64));
    send(other, group, datagram(4, 64));
    assertEquals(List.of(2, 4), numbers(receiveUntil(member, 2)));
  }

  @Test
  void keepsWhatItSendsToAGroupFromMembersOnItsMachineIfSoAsked() throws IOException {
    Optional<String> outward = outwardInterface();
    assumeTrue(outward.isPresent(), "no interface but the loopback, which hears all it sends");
    DatagramPort member = member(GROUP, 0);
    EndpointAddress group = GROUP.copy().port(member.localAddress().port());
    member.join(group, null, outward.get());
    DatagramPortOptions onThisMachine =
        options()
            .localAddress(EndpointAddress.of("0.0.0.0", 0))
            .multicastInterface(outward.get())
            .multicastTimeToLive(0);

    send(open(onThisMachine.copy().multicastLoopback(false)), group, datagram(1, 64));
    send(open(onThisMachine.copy().multicastLoopback(true)), group, datagram(2, 64));

    assertEquals(List.of(2), numbers(receiveUntil(member, 1)));
  }

  @Test
  void carriesADatagramToAnIpv6Group() throws IOException {
    Optional<String> outward = outwardInterface();
    assumeTrue(hasIpv6() && outward.isPresent(), "no interface for IPv6 groups here");
    DatagramPortOptions onThisMachine =
        new DatagramPortOptions()
            .localAddress(EndpointAddress.of("::", 0))
            .multicastInterface(outward.get())
            .multicastTimeToLive(0);
    DatagramPort member = open(onThisMachine);
    EndpointAddress group = EndpointAddress.of("ff15::77:9", member.localAddress().port());
    DatagramPort sender = open(onThisMachine);
    member.join(group, null, null);

    sendTrain(sender, group, train(1, 300, 100), 100);

    List<Received> received = receiveUntil(member, 3);
    assertEquals(numbersFrom(1, 3), numbers(received));
    assertEquals(sender.localAddress().port(), received.getFirst().source().port());
  }

  @Test
  void namesAnInterfaceThatDoesNotExist() throws IOException {
    DatagramPort member = member(GROUP, 0);

    IOException e =
        assertThrows(IOException.class, () -> member.join(GROUP, null, "nosuchinterface"));
    assertTrue(String.valueOf(e.getMessage()).contains("nosuchinterface"), e.toString());
  }

  private DatagramPort member(EndpointAddress bound, int port) throws IOException {
    return open(
        options()
            .localAddress(bound.copy().port(port))
            .addressShared(true)
            .multicastInterface(multicastInterface()));
  }

  private DatagramPort sender(EndpointAddress local) throws IOException {
    return open(
        options()
            .localAddress(local)
            .multicastInterface(multicastInterface())
            .multicastTimeToLive(1));
  }
}
