package io.petrel.transport.datagram;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.codecs.DatagramHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/**
 * What every kind of datagram port does: run for native, NIO and simulated ports alike. A subclass
 * supplies the network; see {@link DatagramPortFixture}.
 */
public abstract class DatagramPortContractTest extends DatagramPortFamiliesAndGroups {
  private static final int SEGMENT = 1408;

  /** For subclasses. */
  protected DatagramPortContractTest() {}

  // ---- one datagram

  @Test
  void carriesADatagramToTheConnectedPeerWithTheAddressOfItsSender() throws IOException {
    DatagramPort listener = listener();
    DatagramPort client = connectedTo(listener);

    send(client, null, datagram(7, 64));

    Received received = receiveUntil(listener, 1).getFirst();
    assertEquals(new Received(7, 64, client.localAddress(), true), received);
    assertEquals(listener.localAddress(), client.remoteAddress());
    assertNotEquals(0, listener.localAddress().port(), "the port number the system chose");
  }

  @Test
  void answersAtTheAddressADatagramCameFrom() throws IOException {
    DatagramPort listener = listener();
    DatagramPort client = connectedTo(listener);
    send(client, null, datagram(1, 64));

    send(listener, receiveUntil(listener, 1).getFirst().source(), datagram(2, 100));

    Received answer = receiveUntil(client, 1).getFirst();
    assertEquals(new Received(2, 100, listener.localAddress(), true), answer);
  }

  @Test
  void receivesNothingWhenNothingWasSent() throws IOException {
    DatagramPort listener = listener();

    assertEquals(0, receive(listener, 10));
    assertEquals(0, receive(connectedTo(listener), 10));
  }

  @Test
  void carriesEverySizeUpToTheLargest() throws IOException {
    DatagramPort listener = listener();
    DatagramPort client = connectedTo(listener);
    int[] lengths = {DatagramHeader.LENGTH, 25, 1408, 1500, 9000, largestDatagram()};

    for (int i = 0; i < lengths.length; i++) {
      send(client, null, datagram(i, lengths[i]));
      Received received = receiveUntil(listener, i + 1).get(i);
      assertEquals(new Received(i, lengths[i], client.localAddress(), true), received);
    }
  }

  @Test
  void turnsAwayADatagramThatIsTooLarge() throws IOException {
    DatagramPort listener = listener();
    DatagramPort client = connectedTo(listener);
    UnsafeBuffer tooLarge = datagram(1, largestDatagram() + 1);

    assertEquals(DatagramResult.TOO_LARGE, client.send(tooLarge, 0, tooLarge.capacity()));
    assertEquals(
        DatagramResult.TOO_LARGE,
        client.sendTrain(tooLarge, 0, tooLarge.capacity(), tooLarge.capacity(), null));

    assertEquals(2, client.statistics().sendTooLarge);
    send(client, null, datagram(2, 64));
    assertEquals(List.of(2), numbers(receiveUntil(listener, 1)));
  }

  /** The most bytes of a datagram that the network under test takes. */
  protected int largestDatagram() {
    return DatagramPort.MAX_DATAGRAM_LENGTH;
  }

  @Test
  void sendsFromMemoryOnTheHeapAndFromAnyOffset() throws IOException {
    DatagramPort listener = listener();
    DatagramPort client = connectedTo(listener);
    UnsafeBuffer source = datagram(5, 200);
    UnsafeBuffer array = new UnsafeBuffer(new byte[1000]);
    UnsafeBuffer heap = new UnsafeBuffer(ByteBuffer.allocate(1000), 100, 800);
    UnsafeBuffer direct = new UnsafeBuffer(ByteBuffer.allocateDirect(1000), 10, 900);

    for (UnsafeBuffer buffer : List.of(array, heap, direct)) {
      buffer.putBytes(17, source, 0, 200);
      assertEquals(200, client.send(buffer, 17, 200));
    }

    assertEquals(List.of(5, 5, 5), numbers(receiveUntil(listener, 3)));
  }

  @Test
  void saysWhenAnAddressIsMissingOrTooMuch() throws IOException {
    DatagramPort listener = listener();
    DatagramPort client = connectedTo(listener);
    UnsafeBuffer datagram = datagram(1, 64);
    EndpointAddress to = listener.localAddress();

    assertEquals(DatagramResult.WRONG_ADDRESSING, listener.send(datagram, 0, 64));
    assertEquals(DatagramResult.WRONG_ADDRESSING, listener.sendTrain(datagram, 0, 64, 64, null));
    assertEquals(DatagramResult.WRONG_ADDRESSING, client.send(datagram, 0, 64, to));
    assertEquals(DatagramResult.WRONG_ADDRESSING, client.sendTrain(datagram, 0, 64, 64, to));
  }

  // ---- trains

  @Test
  void carriesATrainAsItsDatagrams() throws IOException {
    DatagramPort listener = listener();
    DatagramPort client = connectedTo(listener);

    sendTrain(client, null, train(0, 10 * SEGMENT + 500, SEGMENT), SEGMENT);

    List<Received> received = receiveUntil(listener, 11);
    assertEquals(numbersFrom(0, 11), numbers(received));
    assertEquals(500, received.getLast().length());
    assertEquals(client.localAddress(), received.getLast().source());
    assertEquals(11, client.statistics().datagramsSent);
    assertEquals(10 * SEGMENT + 500, client.statistics().bytesSent);
    assertEquals(11, listener.statistics().datagramsReceived);
  }

  @Test
  void carriesTrainsOfChangingSizesBetweenSingleDatagrams() throws IOException {
    DatagramPort listener = listener();
    DatagramPort client = listener();
    EndpointAddress to = listener.localAddress();

    sendTrain(client, to, train(0, 3 * 100, 100), 100);
    send(client, to, datagram(3, 64));
    sendTrain(client, to, train(4, 5 * SEGMENT, SEGMENT), SEGMENT);
    send(client, to, datagram(9, 3000));
    sendTrain(client, to, train(10, 100, 300), 300);
    sendTrain(client, to, train(11, 2 * 30, 30), 30);

    List<Received> received = receiveUntil(listener, 13);
    assertEquals(numbersFrom(0, 13), numbers(received));
    assertEquals(3000, received.get(9).length());
  }

  @Test
  void carriesATrainLongerThanOneCallTakes() throws IOException {
    DatagramPort listener = listener();
    DatagramPort client = connectedTo(listener);

    sendTrain(client, null, train(0, 130 * 100, 100), 100); // more datagrams than a call takes
    assertEquals(numbersFrom(0, 130), numbers(receiveUntil(listener, 130)));
    sendTrain(client, null, train(130, 100 * SEGMENT, SEGMENT), SEGMENT); // more bytes

    assertEquals(numbersFrom(0, 230), numbers(receiveUntil(listener, 230)));
  }

  @Test
  void takesNoMoreDatagramsThanTheLimitAndGoesOnThereNextTime() throws IOException {
    DatagramPort listener = listener();
    DatagramPort client = connectedTo(listener);
    sendTrain(client, null, train(0, 5 * 100, 100), 100);
    send(client, null, datagram(5, 64));

    await(
        () -> "6 datagrams; have " + mailbox(listener),
        () -> {
          int taken = receive(listener, 2);
          assertTrue(taken <= 2, () -> taken + " taken, asked for 2");
          return mailbox(listener).size() == 6;
        });

    assertEquals(numbersFrom(0, 6), numbers(mailbox(listener)));
  }

  @Test
  void leavesTheOtherDatagramsOfATrainWhenAHandlerThrows() throws IOException {
    DatagramPort listener = listener();
    DatagramPort client = connectedTo(listener);
    sendTrain(client, null, train(0, 3 * 100, 100), 100);

    await(
        () -> "a datagram to choke on",
        () -> {
          try {
            listener.receive(
                (_, _, _, _) -> {
                  throw new IllegalStateException("choked");
                },
                10);
            return false;
          } catch (IllegalStateException e) {
            return true;
          }
        });

    assertEquals(List.of(1, 2), numbers(receiveUntil(listener, 2)));
  }

  @Test
  void stagesDatagramsIntoTrainsByTheirSizes() throws IOException {
    DatagramPort listener = listener();
    DatagramTrain train = new DatagramTrain(connectedTo(listener), null);
    int[] lengths = {64, SEGMENT, SEGMENT, SEGMENT, 700, 100, 100};

    for (int number = 0; number < lengths.length; number++) {
      int offset = train.claim(Math.max(lengths[number], 100));
      train.buffer().putBytes(offset, datagram(number, lengths[number]), 0, lengths[number]);
      train.commit(lengths[number]);
    }
    assertTrue(train.claim(100) > 0);
    train.commit(0);
    assertEquals(0, train.flush());

    List<Received> received = receiveUntil(listener, lengths.length);
    assertEquals(numbersFrom(0, lengths.length), numbers(received));
    assertEquals(700, received.get(4).length());
    assertTrue(train.isEmpty());
  }

  @Test
  void sendsAtOnceWhatIsHurried() throws IOException {
    DatagramPort listener = listener();
    DatagramTrain train = new DatagramTrain(connectedTo(listener), null);

    int offset = train.claim(100);
    train.buffer().putBytes(offset, datagram(0, 100), 0, 100);
    train.commit(100);
    train.hurry();

    assertTrue(train.isEmpty());
    assertEquals(List.of(0), numbers(receiveUntil(listener, 1)));
  }

  @Test
  void tellsAtTheFlushWhatBecameOfAHurriedTrain() throws IOException {
    DatagramPort client = connectedTo(listener());
    DatagramTrain train = new DatagramTrain(client, null);
    client.close();

    int offset = train.claim(100);
    train.buffer().putBytes(offset, datagram(0, 100), 0, 100);
    train.commit(100);
    train.hurry();

    assertTrue(train.isEmpty());
    assertEquals(DatagramResult.CLOSED, train.flush());
    assertEquals(0, train.flush());
  }

  // ---- what does not fit

  @Test
  void dropsAndCountsWhatIsNotADatagramOfPetrel() throws IOException {
    DatagramPort listener = listener();
    DatagramPort client = connectedTo(listener);
    UnsafeBuffer tooLong = datagram(1, 64);
    DatagramHeader.datagramLength(tooLong, 0, 65);
    UnsafeBuffer tooShort = datagram(2, 64);
    DatagramHeader.datagramLength(tooShort, 0, DatagramHeader.LENGTH - 1);
    UnsafeBuffer noHeader = datagram(3, DatagramHeader.LENGTH - 1);

    send(client, null, tooLong);
    send(client, null, tooShort);
    send(client, null, noHeader);
    send(client, null, datagram(4, 64));

    assertEquals(List.of(4), numbers(receiveUntil(listener, 1)));
    assertEquals(3, listener.statistics().malformedReceived);
    assertEquals(64 + 64 + 23, listener.statistics().malformedBytes);
    assertEquals(1, listener.statistics().datagramsReceived);
  }

  @Test
  void dropsADatagramOfATrainWhoseLengthFieldDoesNotFit() throws IOException {
    DatagramPort listener = listener();
    DatagramPort client = connectedTo(listener);
    UnsafeBuffer train = train(0, 4 * 100, 100);
    DatagramHeader.datagramLength(train, 2 * 100, 99);

    sendTrain(client, null, train, 100);
    send(client, null, datagram(4, 64));
    await(
        () -> "the datagram after the train; have " + mailbox(listener),
        () ->
            receive(listener, 10) >= 0
                && mailbox(listener).stream().anyMatch(r -> r.number() == 4));

    List<Integer> numbers = numbers(mailbox(listener));
    assertEquals(List.of(0, 1), numbers.subList(0, 2));
    assertFalse(numbers.contains(2), () -> numbers + " holds the malformed one");
    assertEquals(1, listener.statistics().malformedReceived);
  }

  @Test
  void countsEmptyDatagramsAgainstTheLimit() throws IOException {
    DatagramPort listener = listener();
    DatagramPort client = listener();
    EndpointAddress to = listener.localAddress();
    for (int i = 0; i < 3; i++) {
      assertEquals(0, client.send(new UnsafeBuffer(new byte[0]), 0, 0, to));
    }
    send(client, to, datagram(1, 64));

    int[] taken = {0};
    await(
        () -> "3 empty datagrams; " + listener.statistics(),
        () -> (taken[0] += receive(listener, 1)) == 3);

    assertEquals(List.of(), mailbox(listener));
    assertEquals(3, listener.statistics().emptyReceived);
    assertEquals(List.of(1), numbers(receiveUntil(listener, 1)));
  }

  @Test
  void handsOverAnyContentWithoutFraming() throws IOException {
    DatagramPort listener = open(options().framing(DatagramFraming.NONE));
    DatagramPort client = listener();
    EndpointAddress to = listener.localAddress();
    assertEquals(0, client.send(new UnsafeBuffer(new byte[0]), 0, 0, to));
    assertEquals(5, client.send(new UnsafeBuffer(new byte[5]), 0, 5, to));
    sendTrain(client, to, train(2, 3 * 100, 100), 100);

    List<Received> received = receiveUntil(listener, 5);

    assertEquals(List.of(0, 5, 100, 100, 100), received.stream().map(Received::length).toList());
    assertEquals(List.of(2, 3, 4), numbers(received.subList(2, 5)));
    assertEquals(0, listener.statistics().malformedReceived);
  }

  // ---- who hears whom

  @Test
  void hearsOnlyItsPeerWhenConnected() throws IOException {
    DatagramPort listener = listener();
    DatagramPort client = connectedTo(listener);
    DatagramPort stranger = listener();

    send(stranger, client.localAddress(), datagram(1, 64));
    send(listener, client.localAddress(), datagram(2, 64));

    assertEquals(List.of(2), numbers(receiveUntil(client, 1)));
  }

  @Test
  void promotesAPeerToAPortOfItsOwnBesideTheListener() throws IOException {
    DatagramPort listener = listener();
    DatagramPort first = connectedTo(listener);
    DatagramPort second = connectedTo(listener);
    send(first, null, datagram(1, 64));
    EndpointAddress peer = receiveUntil(listener, 1).getFirst().source();

    DatagramPort promoted = promote(listener, peer);
    for (int i = 0; i < 10; i++) {
      send(first, null, datagram(10 + i, 64));
      send(second, null, datagram(30 + i, 64));
    }

    assertEquals(listener.localAddress(), promoted.localAddress());
    assertEquals(peer, promoted.remoteAddress());
    assertEquals(numbersFrom(10, 10), numbers(receiveUntil(promoted, 10)));
    assertEquals(numbersFrom(30, 10), numbers(receiveUntil(listener, 11)).subList(1, 11));
    sendTrain(promoted, null, train(50, 300, 100), 100);
    assertEquals(numbersFrom(50, 3), numbers(receiveUntil(first, 3)));
    assertEquals(listener.localAddress(), mailbox(first).getFirst().source());
  }

  @Test
  void hearsAPeerAtTheListenerAgainOnceItsOwnPortIsClosed() throws IOException {
    DatagramPort listener = listener();
    DatagramPort client = connectedTo(listener);
    DatagramPort promoted = promote(listener, client.localAddress());
    send(client, null, datagram(1, 64));
    receiveUntil(promoted, 1);

    promoted.close();
    send(client, null, datagram(2, 64));

    assertEquals(List.of(2), numbers(receiveUntil(listener, 1)));
    assertFalse(listener.isClosed());
  }

  @Test
  void refusesASecondListenerAtTheSameAddress() throws IOException {
    DatagramPort listener = listener();
    DatagramPortOptions same = options().localAddress(listener.localAddress());

    String message = assertThrows(IOException.class, () -> open(same)).toString();
    assertTrue(message.contains(listener.localAddress().toString()), message);

    promote(listener, connectedTo(listener).localAddress());
    assertThrows(IOException.class, () -> open(same));
  }

  // ---- the end

  @Test
  void saysClosedOnceItIsClosed() throws IOException {
    DatagramPort listener = listener();
    DatagramPort client = connectedTo(listener);
    UnsafeBuffer datagram = datagram(1, 64);

    client.close();
    client.close();
    listener.close();

    assertTrue(client.isClosed());
    assertEquals(DatagramResult.CLOSED, client.send(datagram, 0, 64));
    assertEquals(DatagramResult.CLOSED, client.sendTrain(datagram, 0, 64, 32, null));
    assertEquals(DatagramResult.CLOSED, client.receive((_, _, _, _) -> {}, 1));
    assertEquals(DatagramResult.CLOSED, listener.send(datagram, 0, 64, client.localAddress()));
    assertThrows(IOException.class, () -> listener.promote(client.localAddress()));
    DatagramPort again = open(options().localAddress(listener.localAddress()));
    assertEquals(listener.localAddress(), again.localAddress());
  }

  @Test
  void canBeClosedByAHandler() throws IOException {
    DatagramPort listener = listener();
    DatagramPort client = connectedTo(listener);
    sendTrain(client, null, train(0, 3 * 100, 100), 100);

    int[] handed = {0};
    await(
        () -> "the first datagram",
        () ->
            listener.receive(
                    (_, _, _, _) -> {
                      handed[0]++;
                      listener.close();
                    },
                    10)
                != 0);

    assertEquals(1, handed[0]);
    assertEquals(DatagramResult.CLOSED, receive(listener, 1));
  }
}
