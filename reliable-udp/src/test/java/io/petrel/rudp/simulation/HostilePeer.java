package io.petrel.rudp.simulation;

import io.petrel.codecs.DatagramHeader;
import io.petrel.codecs.FrameCursor;
import io.petrel.codecs.wire.AcceptFrameDecoder;
import io.petrel.codecs.wire.PathResponseFrameDecoder;
import io.petrel.codecs.wire.RetryFrameDecoder;
import io.petrel.codecs.wire.StreamFrameDecoder;
import io.petrel.rudp.handshake.HandshakeDatagrams;
import io.petrel.rudp.handshake.Hello;
import io.petrel.rudp.handshake.Offer;
import io.petrel.transport.datagram.DatagramHandler;
import io.petrel.transport.datagram.DatagramPort;
import io.petrel.transport.datagram.EndpointAddress;
import io.petrel.transport.simulation.SimulatedEndpoint;
import io.petrel.transport.time.Deadline;
import java.util.BitSet;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A client that gets a session in the proper way and then sends what it likes. It listens, so that
 * it can lie to the point, and says nothing by itself.
 */
final class HostilePeer implements SimulatedEndpoint, DatagramHandler {
  private static final int DATAGRAMS_A_TURN = 1 << 12;

  final DatagramPort port;
  final EndpointAddress server;
  final Hello hello;
  final UnsafeBuffer cookie = new UnsafeBuffer(new byte[128]);
  int cookieLength;
  long sessionId;
  long nextNumber;

  /** Numbers of the packets that the server has sent it. */
  final BitSet received = new BitSet();

  long largest = -1;
  long datagramsReceived;
  long bytesReceived;
  long bytesSent;
  long streamBytesReceived;
  long responses;
  private final HandshakeDatagrams handshake = new HandshakeDatagrams();
  private final FrameCursor cursor = new FrameCursor();

  HostilePeer(DatagramPort port, EndpointAddress server, long id, Offer offer) {
    this.port = port;
    this.server = server;
    this.hello = new Hello(id, id ^ 1, 0, offer);
  }

  /** Says hello, with the cookie it has been given, if any. */
  void sayHello() {
    handshake.writeHello(nextNumber++, hello, cookie, cookieLength);
    bytesSent += handshake.length();
    port.send(handshake.buffer(), 0, handshake.length(), server);
  }

  /** Sends it as the session's next packet. */
  void send(Forgery forgery) {
    sendRaw(forgery.close(sessionId, nextNumber, Math.max(nextNumber - 1_000, 0)));
    nextNumber++;
  }

  /** Sends it as it is. */
  void sendRaw(Forgery forgery) {
    bytesSent += forgery.length;
    port.send(forgery.buffer, 0, forgery.length, server);
  }

  /** Acknowledges what has come, as an honest peer would if nothing was ever lost. */
  void acknowledgeAll(long contiguous) {
    int first = received.previousClearBit((int) largest) + 1;
    send(new Forgery().ack(largest, largest - first, 0, 0, contiguous));
  }

  @Override
  public int work(long nowNs) {
    return Math.max(port.receive(this, DATAGRAMS_A_TURN), 0);
  }

  @Override
  public long nextDeadlineNs() {
    return Deadline.NONE;
  }

  @Override
  public void onDatagram(
      MutableDirectBuffer buffer, int offset, int length, EndpointAddress source) {
    datagramsReceived++;
    bytesReceived += length;
    cursor.wrap(buffer, offset, length);
    boolean ofSession = sessionId != 0;
    while (cursor.next()) {
      switch (cursor.templateId()) {
        case RetryFrameDecoder.TEMPLATE_ID -> {
          RetryFrameDecoder retry = new RetryFrameDecoder();
          retry.wrap(buffer, cursor.body(), cursor.blockLength(), cursor.version());
          cookieLength = retry.getCookie(cookie, 0, cookie.capacity());
          ofSession = false;
        }
        case AcceptFrameDecoder.TEMPLATE_ID -> {
          AcceptFrameDecoder accept = new AcceptFrameDecoder();
          accept.wrap(buffer, cursor.body(), cursor.blockLength(), cursor.version());
          sessionId = accept.sessionId();
          ofSession = false;
        }
        case PathResponseFrameDecoder.TEMPLATE_ID -> responses++;
        case StreamFrameDecoder.TEMPLATE_ID -> streamBytesReceived += cursor.payloadLength();
        default -> {}
      }
    }
    if (ofSession) {
      long number = DatagramHeader.packetNumber(buffer, offset);
      received.set((int) number);
      largest = Math.max(largest, number);
    }
  }
}
