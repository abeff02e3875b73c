package io.petrel.transport.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.transport.Context;
import io.petrel.transport.EndReason;
import io.petrel.transport.Petrel;
import io.petrel.transport.Publication;
import io.petrel.transport.SessionEvents;
import io.petrel.transport.SessionInfo;
import io.petrel.transport.Subscription;
import io.petrel.transport.Threading;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Peers that speak wrongly, or fall silent: the session ends with the reason, others feel nothing.
 */
class TcpPeerTest {
  private static final int RING = 64 * 1024;
  private static final TcpTerms TERMS = new TcpTerms(77, RING, 4, 30_000);
  private static final int MESSAGE = 1;
  private static final int PADDING = -1;

  private final List<Throwable> errors = new ArrayList<>();
  private final List<String> told = new ArrayList<>();
  private final List<Long> received = new ArrayList<>();
  private final Petrel petrel =
      Petrel.launch(
          new Context()
              .threading(Threading.INVOKER)
              .set("linger", "0")
              .set("reconnect", "1ms")
              .errorHandler(errors::add));

  @AfterEach
  void close() {
    petrel.close();
  }

  private Subscription subscribe(String options) {
    return petrel.subscribe(
        "tcp://127.0.0.1:0?ring=64KiB" + options,
        new SessionEvents() {
          @Override
          public void onSessionUp(SessionInfo session) {
            told.add("up");
          }

          @Override
          public void onSessionDown(SessionInfo session, EndReason reason, long position) {
            told.add("down " + reason);
          }
        });
  }

  private static SocketAddress address(Subscription subscription) {
    SocketAddress address = subscription.localAddress();
    assertNotNull(address);
    return address;
  }

  private RawPeer greeted(Subscription subscription) throws IOException {
    RawPeer peer = RawPeer.connect(address(subscription), petrel);
    peer.hello(TcpFrames.HELLO, TcpFrames.VERSION, TERMS);
    UnsafeBuffer welcome = peer.receive(TcpFrames.HELLO_LENGTH);
    assertEquals(TcpFrames.WELCOME, TcpFrames.kind(welcome, 0));
    assertEquals(TERMS, TcpFrames.terms(welcome, 0));
    return peer;
  }

  private RawPeer opened(Subscription subscription) throws IOException {
    return greeted(subscription).frame(TcpFrames.OPEN, 0, 0, 0, 0);
  }

  private void poll(Subscription subscription) {
    subscription.poll((buffer, offset, length, header) -> received.add(header.position()), 100);
  }

  /** The peer's last words must end its session, and only that. */
  private void assertBreach(Subscription subscription, RawPeer peer, Publication other)
      throws IOException {
    told.clear();
    long before = received.size();
    while (!told.contains("down PROTOCOL_BREACH")) {
      poll(subscription);
    }
    peer.awaitClosed();
    long position = other.offer(new UnsafeBuffer(new byte[8]));
    assertTrue(position > 0, Publication.nameOf(position));
    while (received.size() == before) {
      poll(subscription);
    }
    assertEquals(position, received.getLast());
    assertEquals(List.of(), errors);
  }

  /** A right peer beside the wrong ones. */
  private Publication other(Subscription subscription) {
    int port = ((InetSocketAddress) address(subscription)).getPort();
    Publication publication = petrel.publish("tcp://127.0.0.1:" + port);
    while (!publication.isConnected()) {
      petrel.work();
    }
    return publication;
  }

  @Test
  void endsSessionsWhoseFramesAreWrong() throws IOException {
    Subscription subscription = subscribe("");
    Publication other = other(subscription);
    int[][] wrong = { // type, length, stream, position
      {99, 0, 0, 0},
      {TcpFrames.DATA, -1, 0, 0},
      {TcpFrames.DATA, 0, 0, 0},
      {TcpFrames.DATA, Integer.MAX_VALUE, 0, 0},
      {TcpFrames.DATA, 8, 0, 8}, // a gap
      {TcpFrames.DATA, 8, 0, -8},
      {TcpFrames.OPEN, 0, 0, 0}, // open already
      {TcpFrames.OPEN, 0, -1, 0},
      {TcpFrames.FIN, 0, 0, 8}, // more than came
      {TcpFrames.ACK, 4, 0, 0},
    };
    for (int[] frame : wrong) {
      RawPeer peer = opened(subscription).frame(frame[0], frame[1], frame[2], 0, frame[3]);
      assertBreach(subscription, peer, other);
    }
  }

  @Test
  void endsSessionsThatSendBeyondTheirCredit() throws IOException {
    Subscription subscription = subscribe("");
    Publication other = other(subscription);
    RawPeer peer = opened(subscription);
    UnsafeBuffer record = new UnsafeBuffer(new byte[RING / 8]);
    record.putInt(0, RING / 8);
    record.putInt(4, MESSAGE);
    // Nobody polls, so there is room for eight of them.
    for (int i = 0; i < 9; i++) {
      peer.frame(TcpFrames.DATA, RING / 8, 0, 0, i * (RING / 8L)).send(record.byteArray());
    }
    peer.awaitClosed();
    told.clear();
    received.clear();
    while (!told.contains("down PROTOCOL_BREACH")) {
      poll(subscription);
    }
    assertEquals(8, received.size(), "what was within the credit");
    assertTrue(other.isConnected());
  }

  @Test
  void endsSessionsWhoseRecordsLie() throws IOException {
    Subscription subscription = subscribe("");
    Publication other = other(subscription);
    int[][] records = {
      {0, MESSAGE}, // shorter than its header
      {7, MESSAGE},
      {-8, MESSAGE},
      {Integer.MIN_VALUE, MESSAGE},
      {Integer.MAX_VALUE, MESSAGE},
      {RING / 8 + 9, MESSAGE}, // longer than any message
      {8, 2}, // no such type
      {8, PADDING}, // not at the wrap
    };
    for (int[] record : records) {
      RawPeer peer = opened(subscription).frame(TcpFrames.DATA, 8, 0, 0, 0).words(record);
      assertBreach(subscription, peer, other);
    }
  }

  @Test
  void endsSessionsThatOpenTooManyStreams() throws IOException {
    Subscription subscription = subscribe("");
    Publication other = other(subscription);
    RawPeer peer = opened(subscription);
    for (int stream = 1; stream <= TERMS.streams(); stream++) {
      peer.frame(TcpFrames.OPEN, 0, stream, 0, 0);
    }
    assertBreach(subscription, peer, other);
  }

  @Test
  void takesFramesInPiecesOfAnySize() throws IOException {
    Subscription subscription = subscribe("");
    RawPeer peer = greeted(subscription);
    UnsafeBuffer bytes = new UnsafeBuffer(new byte[200]);
    TcpFrames.putHeader(bytes, 0, TcpFrames.OPEN, 0, 0, 0, 0);
    TcpFrames.putHeader(bytes, 24, TcpFrames.DATA, 32, 0, 0, 0);
    bytes.putInt(48, 28);
    bytes.putInt(52, MESSAGE);
    TcpFrames.putHeader(bytes, 80, TcpFrames.FIN, 0, 0, 0, 32);
    for (int i = 0; i < 104; i++) {
      peer.send(new byte[] {bytes.getByte(i)});
      poll(subscription);
    }
    while (told.size() < 2) {
      poll(subscription);
    }
    assertEquals(List.of("up", "down CLOSED_BY_PEER"), told);
    assertEquals(List.of(32L), received);
  }

  @Test
  void refusesWhoDoesNotGreetAsItShould() throws IOException {
    Subscription subscription = subscribe("&connect-timeout=10ms");
    RawPeer older = RawPeer.connect(address(subscription), petrel);
    older.hello(TcpFrames.HELLO, TcpFrames.VERSION + 1, TERMS);
    UnsafeBuffer refusal = older.receive(TcpFrames.HELLO_LENGTH);
    assertEquals(TcpFrames.REFUSAL, TcpFrames.kind(refusal, 0));
    assertEquals(TcpFrames.REFUSED_VERSION, TcpFrames.reason(refusal, 0));
    older.awaitClosed();

    TcpTerms odd = new TcpTerms(1, RING + 1, 4, 30_000);
    RawPeer unfit = RawPeer.connect(address(subscription), petrel);
    unfit.hello(TcpFrames.HELLO, TcpFrames.VERSION, odd);
    assertEquals(
        TcpFrames.REFUSED_VALUES, TcpFrames.reason(unfit.receive(TcpFrames.HELLO_LENGTH), 0));
    unfit.awaitClosed();

    RawPeer stranger = RawPeer.connect(address(subscription), petrel);
    stranger
        .send("GET / HTTP/1.1\r\nHost: petrel.example\r\n\r\n".getBytes(StandardCharsets.US_ASCII))
        .awaitClosed();
    RawPeer silent = RawPeer.connect(address(subscription), petrel);
    silent.awaitClosed();
    RawPeer halting = RawPeer.connect(address(subscription), petrel);
    halting.send(new byte[3]).awaitClosed();
    poll(subscription);
    assertEquals(List.of(), told, "no session was there");
    assertEquals(List.of(), errors);
  }

  @Test
  void endsSilentSessionsAndKeepsIdleOnesAlive() throws IOException {
    Subscription subscription = subscribe("&idle-timeout=1s");
    Publication idle = other(subscription);
    RawPeer silent = RawPeer.connect(address(subscription), petrel);
    silent.hello(TcpFrames.HELLO, TcpFrames.VERSION, TERMS);
    silent.receive(TcpFrames.HELLO_LENGTH);
    silent.frame(TcpFrames.OPEN, 0, 0, 0, 0);
    while (!told.contains("down TIMED_OUT")) {
      poll(subscription);
    }
    assertTrue(idle.isConnected(), "an idle peer gives signs of life");
  }

  @Test
  void givesBackWhatALostSessionHadNotAcknowledged() throws IOException {
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
      Publication publication = petrel.publishExclusive("tcp://127.0.0.1:" + port);
      RawPeer peer = accept(server);
      while (!publication.isConnected()) {
        petrel.work();
      }
      UnsafeBuffer message = new UnsafeBuffer(new byte[64]);
      List<Long> offered = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        message.putLong(0, i);
        offered.add(publication.offer(message, 0, 40));
      }
      peer.receive(TcpFrames.HEADER_LENGTH + offered.get(0).intValue()); // idle: gone in the offer
      petrel.work(); // busy: gone in the next turn
      // Two of five whole, and the third in part.
      peer.frame(TcpFrames.ACK, 0, 0, 0, offered.get(1) + 16);
      while (publication.acknowledgedPosition() == 0) {
        petrel.work();
      }
      peer.close();
      while (publication.isConnected()) {
        petrel.work();
      }
      assertEquals(EndReason.CONNECTION_LOST, publication.endReason());
      assertEquals(Publication.SESSION_LOST, publication.offer(message, 0, 40));
      List<Long> numbers = new ArrayList<>();
      int count =
          publication.unacknowledged((buffer, offset, length, header) -> {
            assertEquals(offered.get((int) buffer.getLong(offset)), header.position());
            numbers.add(buffer.getLong(offset));
          });
      assertEquals(List.of(2L, 3L, 4L), numbers);
      assertEquals(3, count);
      assertEquals(Publication.NOT_CONNECTED, publication.offer(message, 0, 40), "told once");
    }
  }

  @Test
  void endsSessionsThatAcknowledgeWhatWasNeverSent() throws IOException {
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
      Publication publication = petrel.publishExclusive("tcp://127.0.0.1:" + port);
      long[][] lies = {{8, 0}, {0, 1}, {0, -1}, {0, Integer.MAX_VALUE}, {-8, 0}};
      for (long[] lie : lies) {
        RawPeer peer = accept(server);
        while (!publication.isConnected()) {
          petrel.work();
        }
        peer.frame(TcpFrames.ACK, 0, 0, (int) lie[1], lie[0]);
        while (publication.isConnected()) {
          petrel.work();
        }
        assertEquals(EndReason.PROTOCOL_BREACH, publication.endReason());
        assertEquals(
            Publication.SESSION_LOST, publication.offer(new UnsafeBuffer(new byte[8]), 0, 8));
      }
    }
  }

  private RawPeer accept(ServerSocketChannel server) throws IOException {
    server.configureBlocking(false);
    SocketChannel accepted = server.accept();
    while (accepted == null) {
      petrel.work(); // dials
      accepted = server.accept();
    }
    RawPeer peer = RawPeer.of(accepted, petrel);
    UnsafeBuffer hello = peer.receive(TcpFrames.HELLO_LENGTH);
    TcpTerms asked = TcpFrames.terms(hello, 0);
    return peer.hello(TcpFrames.WELCOME, TcpFrames.VERSION, asked);
  }
}
