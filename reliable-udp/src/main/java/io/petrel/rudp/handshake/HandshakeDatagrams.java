package io.petrel.rudp.handshake;

import io.petrel.codecs.Checksum;
import io.petrel.codecs.DatagramHeader;
import io.petrel.codecs.FrameCursor;
import io.petrel.codecs.FrameHeader;
import io.petrel.codecs.WireLimits;
import io.petrel.codecs.wire.AcceptFrameDecoder;
import io.petrel.codecs.wire.AcceptFrameEncoder;
import io.petrel.codecs.wire.EarlyData;
import io.petrel.codecs.wire.HelloFrameDecoder;
import io.petrel.codecs.wire.HelloFrameEncoder;
import io.petrel.codecs.wire.PaddingFrameEncoder;
import io.petrel.codecs.wire.RefuseFrameDecoder;
import io.petrel.codecs.wire.RefuseFrameEncoder;
import io.petrel.codecs.wire.RefuseReason;
import io.petrel.codecs.wire.RetryFrameDecoder;
import io.petrel.codecs.wire.RetryFrameEncoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Writes and reads the datagrams of the handshake. Each is written into memory of this object's own
 * and stays there until the next; {@link #buffer} and {@link #length} say what to send.
 */
public final class HandshakeDatagrams {
  private static final int CAPACITY = 1500;

  private static final long HELLO =
      frame(HelloFrameEncoder.TEMPLATE_ID, HelloFrameEncoder.BLOCK_LENGTH);
  private static final long RETRY =
      frame(RetryFrameEncoder.TEMPLATE_ID, RetryFrameEncoder.BLOCK_LENGTH);
  private static final long ACCEPT =
      frame(AcceptFrameEncoder.TEMPLATE_ID, AcceptFrameEncoder.BLOCK_LENGTH);
  private static final long REFUSE =
      frame(RefuseFrameEncoder.TEMPLATE_ID, RefuseFrameEncoder.BLOCK_LENGTH);
  private static final long PADDING =
      frame(PaddingFrameEncoder.TEMPLATE_ID, PaddingFrameEncoder.BLOCK_LENGTH);

  /** Bytes of a refusal: nothing shorter is answered by one. */
  public static final int REFUSAL_LENGTH =
      DatagramHeader.LENGTH
          + FrameHeader.LENGTH
          + RefuseFrameEncoder.BLOCK_LENGTH
          + DatagramHeader.CHECKSUM_LENGTH;

  private static final byte[] NOTHING = {};

  private final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(CAPACITY));
  private final HelloFrameEncoder helloOut = new HelloFrameEncoder();
  private final HelloFrameDecoder helloIn = new HelloFrameDecoder();
  private final RetryFrameDecoder retryIn = new RetryFrameDecoder();
  private final AcceptFrameEncoder acceptOut = new AcceptFrameEncoder();
  private final AcceptFrameDecoder acceptIn = new AcceptFrameDecoder();
  private final RefuseFrameEncoder refuseOut = new RefuseFrameEncoder();
  private final RefuseFrameDecoder refuseIn = new RefuseFrameDecoder();
  private final Checksum checksum = new Checksum();
  private final MutableDirectBuffer token =
      new UnsafeBuffer(new byte[WireLimits.MAXIMUM_TOKEN_LENGTH]);
  private int tokenLength;
  private int length;

  /** Where the datagram written last is, from offset 0 on. */
  public DirectBuffer buffer() {
    return buffer;
  }

  /** Bytes of the datagram written last. */
  public int length() {
    return length;
  }

  /** Writes a hello, with the cookie of a retry or none. */
  public void writeHello(long number, Hello hello, DirectBuffer cookie, int cookieLength) {
    int body = DatagramHeader.LENGTH + FrameHeader.LENGTH;
    Offer offer = hello.offer();
    helloOut
        .wrap(buffer, body)
        .sessionId(hello.clientSessionId())
        .incarnation(hello.incarnation())
        .minimumVersion((short) DatagramHeader.VERSION)
        .maximumVersion((short) DatagramHeader.VERSION)
        .schemaVersion(HelloFrameEncoder.SCHEMA_VERSION)
        .integrity(offer.integrity())
        .ringCapacity(offer.ringCapacity())
        .idleTimeoutMs(offer.idleTimeoutMs())
        .maximumAckDelayNs(offer.maximumAckDelayNs())
        .streamId(hello.streamId())
        .datagramSize(offer.datagramLength())
        .maximumStreams(offer.maximumStreams());
    helloOut.features().clear();
    helloOut.putToken(cookie, 0, cookieLength);
    helloOut.putKeyExchange(NOTHING, 0, 0);
    finish(0, number, HELLO, helloOut.limit(), WireLimits.MINIMUM_HELLO_DATAGRAM_LENGTH);
  }

  /** Writes a retry with its cookie. */
  public void writeRetry(long clientSessionId, DirectBuffer cookie, int cookieLength) {
    int body = DatagramHeader.LENGTH + FrameHeader.LENGTH;
    buffer.putShort(body, (short) cookieLength, ByteOrder.LITTLE_ENDIAN);
    buffer.putBytes(body + Short.BYTES, cookie, 0, cookieLength);
    finish(clientSessionId, 0, RETRY, body + Short.BYTES + cookieLength, 0);
  }

  /** Writes an accept. */
  public void writeAccept(long clientSessionId, Agreement agreement) {
    int body = DatagramHeader.LENGTH + FrameHeader.LENGTH;
    acceptOut
        .wrap(buffer, body)
        .sessionId(agreement.serverSessionId())
        .incarnation(agreement.incarnation())
        .version((short) DatagramHeader.VERSION)
        .schemaVersion(AcceptFrameEncoder.SCHEMA_VERSION)
        .integrity(agreement.integrity())
        .earlyData(EarlyData.NOT_OFFERED)
        .ringCapacity(agreement.ringCapacity())
        .idleTimeoutMs(agreement.idleTimeoutMs())
        .maximumAckDelayNs(agreement.serverAckDelayNs())
        .datagramSize(agreement.datagramLength())
        .maximumStreams(agreement.serverStreams());
    acceptOut.features().clear();
    acceptOut.putKeyExchange(NOTHING, 0, 0);
    finish(clientSessionId, 0, ACCEPT, acceptOut.limit(), 0);
  }

  /** Writes a refusal. */
  public void writeRefusal(long addressedTo, Refusal refusal) {
    int body = DatagramHeader.LENGTH + FrameHeader.LENGTH;
    refuseOut
        .wrap(buffer, body)
        .sessionId(refusal.sessionId())
        .incarnation(refusal.incarnation())
        .detail(refusal.detail())
        .reason(refusal.reason())
        .minimumVersion((short) refusal.minimumVersion())
        .maximumVersion((short) refusal.maximumVersion())
        .retryAfterMs(0);
    finish(addressedTo, 0, REFUSE, body + RefuseFrameEncoder.BLOCK_LENGTH, 0);
  }

  /** Reads the hello at the cursor; its token is then in {@link #token}. */
  public Hello readHello(DirectBuffer source, FrameCursor cursor) {
    helloIn.wrap(source, cursor.body(), cursor.blockLength(), cursor.version());
    Offer offer =
        new Offer(
            (int) Math.min(helloIn.ringCapacity(), Integer.MAX_VALUE),
            helloIn.datagramSize(),
            helloIn.maximumStreams(),
            helloIn.integrity(),
            (int) Math.min(helloIn.idleTimeoutMs(), Integer.MAX_VALUE),
            helloIn.maximumAckDelayNs());
    Hello hello =
        new Hello(helloIn.sessionId(), helloIn.incarnation(), (int) helloIn.streamId(), offer);
    tokenLength = helloIn.getToken(token, 0, WireLimits.MAXIMUM_TOKEN_LENGTH);
    return hello;
  }

  /** Whether the hello read last speaks our version of datagrams. */
  public boolean helloSpeaksOurVersion() {
    return helloIn.minimumVersion() <= DatagramHeader.VERSION
        && DatagramHeader.VERSION <= helloIn.maximumVersion();
  }

  /** Reads the retry at the cursor; its cookie is then in {@link #token}. */
  public void readRetry(DirectBuffer source, FrameCursor cursor) {
    retryIn.wrap(source, cursor.body(), cursor.blockLength(), cursor.version());
    tokenLength = retryIn.getCookie(token, 0, WireLimits.MAXIMUM_TOKEN_LENGTH);
  }

  /** The token or cookie read last. */
  public DirectBuffer token() {
    return token;
  }

  /** Bytes of the token or cookie read last; 0 when there was none. */
  public int tokenLength() {
    return tokenLength;
  }

  /** Reads the accept at the cursor. */
  public Agreement readAccept(DirectBuffer source, FrameCursor cursor) {
    acceptIn.wrap(source, cursor.body(), cursor.blockLength(), cursor.version());
    return new Agreement(
        acceptIn.sessionId(),
        acceptIn.incarnation(),
        (int) Math.min(acceptIn.ringCapacity(), Integer.MAX_VALUE),
        acceptIn.datagramSize(),
        acceptIn.maximumStreams(),
        acceptIn.integrity(),
        (int) Math.min(acceptIn.idleTimeoutMs(), Integer.MAX_VALUE),
        acceptIn.maximumAckDelayNs());
  }

  /** Reads the refusal at the cursor. */
  public Refusal readRefusal(DirectBuffer source, FrameCursor cursor) {
    refuseIn.wrap(source, cursor.body(), cursor.blockLength(), cursor.version());
    RefuseReason reason = refuseIn.reason();
    return new Refusal(
        refuseIn.sessionId(),
        refuseIn.incarnation(),
        reason,
        refuseIn.detail(),
        refuseIn.minimumVersion(),
        refuseIn.maximumVersion());
  }

  private static long frame(int templateId, int blockLength) {
    return FrameHeader.of(templateId, blockLength, HelloFrameEncoder.SCHEMA_VERSION, 0);
  }

  private void finish(long sessionId, long number, long frame, int frameEnd, int atLeast) {
    FrameHeader.write(buffer, DatagramHeader.LENGTH, frame, frameEnd - DatagramHeader.LENGTH);
    int end = frameEnd;
    int missing = atLeast - frameEnd - DatagramHeader.CHECKSUM_LENGTH;
    if (missing > 0) {
      int padding = Math.max(missing, FrameHeader.LENGTH);
      buffer.setMemory(end, padding, (byte) 0);
      FrameHeader.write(buffer, end, PADDING, padding);
      end += padding;
    }
    length = end + DatagramHeader.CHECKSUM_LENGTH;
    DatagramHeader.write(
        buffer, 0, sessionId, number, number, length, DatagramHeader.FLAG_CHECKSUM);
    checksum.close(buffer, 0, length);
  }
}
