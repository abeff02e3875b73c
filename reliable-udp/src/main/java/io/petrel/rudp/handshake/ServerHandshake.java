package io.petrel.rudp.handshake;

import io.petrel.codecs.DatagramHeader;
import io.petrel.codecs.wire.Integrity;
import io.petrel.codecs.wire.RefuseReason;
import io.petrel.transport.datagram.EndpointAddress;
import io.petrel.transport.ring.RecordLayout;
import java.util.function.LongSupplier;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/** A server's answers to hellos. Keeps nothing of a client but its own keys. */
public final class ServerHandshake {
  private final Cookies cookies;
  private final SipHash places;
  private final Offer limits;
  private final long incarnation;
  private final HandshakeDatagrams datagrams;
  private final UnsafeBuffer cookie = new UnsafeBuffer(new byte[Cookies.LENGTH]);

  /**
   * A server's side.
   *
   * @param limits what the server grants.
   * @param random a source that nobody else can foresee.
   * @param datagrams to write answers with.
   */
  public ServerHandshake(
      long nowNs,
      Offer limits,
      long incarnation,
      LongSupplier random,
      HandshakeDatagrams datagrams) {
    this.cookies = new Cookies(nowNs, random);
    this.places = new SipHash(random.getAsLong(), random.getAsLong());
    this.limits = limits;
    this.incarnation = incarnation;
    this.datagrams = datagrams;
  }

  /** Where a client's session stands in a table that nobody can flood with chosen keys. */
  public long place(EndpointAddress address, long clientSessionId) {
    return Cookies.place(places, address, clientSessionId);
  }

  /** Where a session stands by an id that its peer chose, likewise. */
  public long place(long remoteId) {
    return places.begin().add(remoteId).end();
  }

  /** What is wrong with a hello, or null: then it only needs a cookie. */
  public @Nullable Refusal check(Hello hello) {
    Offer offer = hello.offer();
    if (!datagrams.helloSpeaksOurVersion()) {
      return refuse(hello, RefuseReason.VERSION, 0);
    }
    int ring = offer.ringCapacity();
    if (Integer.bitCount(ring) != 1 || ring > RecordLayout.MAX_CAPACITY) {
      return refuse(hello, RefuseReason.MALFORMED, 0);
    }
    if (ring < Offer.SMALLEST_RING) {
      return refuse(hello, RefuseReason.RING_CAPACITY, limits.ringCapacity());
    }
    if (offer.datagramLength() < Offer.SMALLEST_DATAGRAM) {
      return refuse(hello, RefuseReason.DATAGRAM_SIZE, Offer.SMALLEST_DATAGRAM);
    }
    if (offer.idleTimeoutMs() == 0) {
      return refuse(hello, RefuseReason.IDLE_TIMEOUT, limits.idleTimeoutMs());
    }
    if (offer.integrity() != Integrity.NONE && offer.integrity() != Integrity.CRC32C) {
      return refuse(hello, RefuseReason.INTEGRITY, Integrity.CRC32C.value());
    }
    if (offer.maximumStreams() == 0 || hello.clientSessionId() == 0) {
      return refuse(hello, RefuseReason.MALFORMED, 0);
    }
    return null;
  }

  /** A refusal of a hello. */
  public Refusal refuse(Hello hello, RefuseReason reason, long detail) {
    return refusal(hello.clientSessionId(), reason, detail);
  }

  /** A refusal of whatever was addressed to or named this session id. */
  public Refusal refusal(long sessionId, RefuseReason reason, long detail) {
    return new Refusal(
        sessionId, incarnation, reason, detail, DatagramHeader.VERSION, DatagramHeader.VERSION);
  }

  /** How long ago the hello's cookie was made for this address, or {@link Cookies#INVALID}. */
  public long cookieAge(
      long nowNs, EndpointAddress from, Hello hello, DirectBuffer token, int length) {
    return cookies.age(nowNs, from, hello.clientSessionId(), hello.incarnation(), token, 0, length);
  }

  /** Writes a retry for a hello without a good cookie. */
  public void writeRetry(long nowNs, EndpointAddress from, Hello hello) {
    cookies.write(nowNs, from, hello.clientSessionId(), hello.incarnation(), cookie, 0);
    datagrams.writeRetry(hello.clientSessionId(), cookie, Cookies.LENGTH);
  }

  /** What a session with this client is to be like. */
  public Agreement agree(long serverSessionId, Hello hello) {
    return Agreement.of(serverSessionId, incarnation, hello.offer(), limits);
  }
}
