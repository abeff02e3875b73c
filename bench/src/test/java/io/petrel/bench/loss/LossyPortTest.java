package io.petrel.bench.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.codecs.DatagramHeader;
import io.petrel.transport.datagram.DatagramPort;
import io.petrel.transport.datagram.DatagramPortOptions;
import io.petrel.transport.datagram.DatagramResult;
import io.petrel.transport.datagram.EndpointAddress;
import io.petrel.transport.simulation.SimulatedHost;
import io.petrel.transport.simulation.SimulatedLink;
import io.petrel.transport.simulation.SimulatedNetwork;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class LossyPortTest {
  private static final int SEGMENT = 100;
  private static final int DATAGRAMS = 20;
  private static final long RUN_NS = 1_000_000_000;

  private final SimulatedNetwork network = new SimulatedNetwork(1);
  private final SimulatedLink link = network.link("forth");
  private final DatagramLoss loss = new DatagramLoss(0.3, 5);
  private final UnsafeBuffer train = new UnsafeBuffer(new byte[SEGMENT * DATAGRAMS]);

  private List<Integer> arriving(Sending sending) throws IOException {
    SimulatedHost sender = network.host().egress(link);
    DatagramPort receiver = network.host().egress(network.link("back")).open(7, options());
    DatagramPort port = new LossyPort(sender.open(0, options()), loss);
    for (int i = 0; i < DATAGRAMS; i++) {
      DatagramHeader.write(train, i * SEGMENT, 1, i, 0, SEGMENT, 0);
    }
    sending.send(port, receiver.localAddress());
    network.advanceTo(RUN_NS);
    List<Integer> numbers = new ArrayList<>();
    receiver.receive(
        (buffer, offset, length, source) -> {
          assertEquals(SEGMENT, length);
          numbers.add((int) DatagramHeader.packetNumber(buffer, offset));
        },
        DATAGRAMS);
    return numbers;
  }

  private static DatagramPortOptions options() {
    return new DatagramPortOptions();
  }

  /** Sends the whole train to an address. */
  private interface Sending {
    void send(DatagramPort port, EndpointAddress to);
  }

  /** What an equal generator spares. */
  private static List<Integer> spared() {
    DatagramLoss same = new DatagramLoss(0.3, 5);
    List<Integer> spared = new ArrayList<>();
    for (int i = 0; i < DATAGRAMS; i++) {
      if (!same.next()) {
        spared.add(i);
      }
    }
    return spared;
  }

  @Test
  void losesDatagramsOutOfTheMiddleOfATrainAndCountsThem() throws IOException {
    List<Integer> arrived =
        arriving((port, to) ->
            assertEquals(
                train.capacity(), port.sendTrain(train, 0, train.capacity(), SEGMENT, to)));
    assertEquals(spared(), arrived);
    assertTrue(loss.drops() > 0 && loss.drops() < DATAGRAMS, () -> "drops " + loss.drops());
    assertEquals(DATAGRAMS - arrived.size(), loss.drops());
  }

  @Test
  void losesTheSameOnesWhenTheyAreSentOneByOne() throws IOException {
    List<Integer> arrived =
        arriving((port, to) -> {
          for (int i = 0; i < DATAGRAMS; i++) {
            assertEquals(SEGMENT, port.send(train, i * SEGMENT, SEGMENT, to));
          }
        });
    assertEquals(spared(), arrived);
  }

  @Test
  void saysWhenThePortTakesNothing() throws IOException {
    arriving((port, to) -> {
      port.close();
      int sent = port.sendTrain(train, 0, train.capacity(), SEGMENT, to);
      // What stood in front and was lost counts as sent, the rest fails when offered again.
      int first = spared().getFirst() * SEGMENT;
      assertEquals(first > 0 ? first : DatagramResult.CLOSED, sent);
      assertEquals(first / SEGMENT, loss.drops());
    });
  }
}
