package io.petrel.rudp.endpoint;

import io.petrel.codecs.DatagramHeader;
import io.petrel.codecs.FrameCursor;
import io.petrel.codecs.WireLimits;
import io.petrel.codecs.wire.AcceptFrameDecoder;
import io.petrel.codecs.wire.HelloFrameDecoder;
import io.petrel.codecs.wire.Integrity;
import io.petrel.codecs.wire.RefuseFrameDecoder;
import io.petrel.codecs.wire.RefuseReason;
import io.petrel.codecs.wire.RetryFrameDecoder;
import io.petrel.rudp.handshake.Agreement;
import io.petrel.rudp.handshake.ClientHandshake;
import io.petrel.rudp.handshake.Cookies;
import io.petrel.rudp.handshake.HandshakeDatagrams;
import io.petrel.rudp.handshake.Hello;
import io.petrel.rudp.handshake.Offer;
import io.petrel.rudp.handshake.Refusal;
import io.petrel.rudp.handshake.ServerHandshake;
import io.petrel.transport.datagram.EndpointAddress;
import io.petrel.transport.time.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/** The handshakes of an endpoint, asked for and answered, and its answers to strangers. */
final class Handshakes {
  /** Answers to datagrams of unknown sessions: so many at once, and then one in each interval. */
  private static final int STRANGER_BURST = 32;

  private static final long STRANGER_INTERVAL_NS = 1_000_000;

  /** The guess of a first round trip when nothing was measured. */
  private static final long GUESSED_ROUND_TRIP_NS = 20_000_000;

  private final RudpEndpoint endpoint;
  private boolean accepting;
  private final long incarnation;
  private final LongSupplier random;
  private final HandshakeDatagrams datagrams = new HandshakeDatagrams();
  private final ServerHandshake server;
  private final FrameCursor cursor = new FrameCursor();
  private final List<Connecting> connecting = new ArrayList<>();
  private int strangerCredit = STRANGER_BURST;
  private long strangerCreditNs;

  Handshakes(
      long nowNs, RudpEndpoint endpoint, boolean accepting, long incarnation, LongSupplier random) {
    this.endpoint = endpoint;
    this.accepting = accepting;
    this.incarnation = incarnation;
    this.random = random;
    this.server =
        new ServerHandshake(nowNs, endpoint.settings().offer(), incarnation, random, datagrams);
    this.strangerCreditNs = nowNs;
  }

  void stopAccepting() {
    accepting = false;
  }

  /** Where a session stands by the id that its peer chose. */
  long place(long remoteId) {
    return server.place(remoteId);
  }

  boolean isEmpty() {
    return connecting.isEmpty();
  }

  Connecting connect(long nowNs, EndpointAddress remote, int streamId) {
    Hello hello = new Hello(drawId(), incarnation, streamId, endpoint.settings().offer());
    long timeoutNs = endpoint.settings().connectTimeoutNs();
    Connecting added =
        new Connecting(new ClientHandshake(nowNs, hello, timeoutNs, datagrams), remote);
    connecting.add(added);
    return added;
  }

  void stopConnecting() {
    connecting.clear();
  }

  long nextDeadlineNs() {
    long deadlineNs = Deadline.NONE;
    for (int i = 0; i < connecting.size(); i++) {
      deadlineNs = Deadline.earlier(deadlineNs, connecting.get(i).handshake.nextDeadlineNs());
    }
    return deadlineNs;
  }

  int onTimer(long nowNs) {
    int done = 0;
    for (int i = connecting.size() - 1; i >= 0; i--) {
      Connecting asking = connecting.get(i);
      if (asking.handshake.isOver(nowNs)) {
        connecting.remove(i);
        endpoint.listener().onNotConnected(asking, null);
        done++;
      } else if (asking.handshake.isDue(nowNs)) {
        asking.handshake.writeHello(nowNs);
        endpoint.sendNow(datagrams.buffer(), datagrams.length(), asking.remote);
        done++;
      }
    }
    return done;
  }

  /** A datagram whose first frame belongs to a handshake. */
  void onDatagram(long nowNs, DirectBuffer buffer, int offset, int length, EndpointAddress source) {
    // Always closed by a checksum: whoever strips it is no peer.
    if ((DatagramHeader.flags(buffer, offset) & DatagramHeader.FLAG_CHECKSUM) == 0) {
      return;
    }
    cursor.wrap(buffer, offset, length);
    if (!cursor.next()) {
      return;
    }
    switch (cursor.templateId()) {
      case HelloFrameDecoder.TEMPLATE_ID -> onHello(nowNs, buffer, source);
      case RefuseFrameDecoder.TEMPLATE_ID -> onRefusal(nowNs, buffer, source);
      case RetryFrameDecoder.TEMPLATE_ID -> {
        Connecting asking = find(DatagramHeader.sessionId(buffer, offset), source);
        if (asking != null) {
          datagrams.readRetry(buffer, cursor);
          asking.handshake.onRetry(nowNs, datagrams.token(), datagrams.tokenLength());
        }
      }
      case AcceptFrameDecoder.TEMPLATE_ID -> {
        Connecting asking = find(DatagramHeader.sessionId(buffer, offset), source);
        if (asking != null) {
          onAccept(nowNs, datagrams.readAccept(buffer, cursor), asking);
        }
      }
      default -> {}
    }
  }

  private void onHello(long nowNs, DirectBuffer buffer, EndpointAddress source) {
    endpoint.writableCounters().hellos++;
    if (!accepting) {
      return;
    }
    Hello hello = datagrams.readHello(buffer, cursor);
    Refusal refusal = server.check(hello);
    if (refusal != null) {
      refuse(hello.clientSessionId(), refusal, source);
      return;
    }
    long ageNs = server.cookieAge(nowNs, source, hello, datagrams.token(), datagrams.tokenLength());
    if (ageNs == Cookies.INVALID) {
      server.writeRetry(nowNs, source, hello);
      endpoint.sendNow(datagrams.buffer(), datagrams.length(), source);
      endpoint.writableCounters().retries++;
      return;
    }
    accept(hello, ageNs, source);
  }

  private void accept(Hello hello, long ageNs, EndpointAddress source) {
    long place = server.place(source, hello.clientSessionId());
    EndpointSession session = endpoint.findByPlace(place);
    if (session == null) {
      session = movedMeanwhile(hello, source);
    }
    if (session == null) {
      RefuseReason reason = reasonToRefuse(hello, source);
      if (reason != null) {
        refuse(hello.clientSessionId(), server.refuse(hello, reason, hello.streamId()), source);
        return;
      }
      Agreement agreement = server.agree(drawId(), hello);
      session =
          endpoint.addSession(
              agreement.serverSessionId(),
              agreement,
              hello,
              false,
              source.copy(),
              place,
              Math.max(ageNs, 1));
      endpoint.writableCounters().accepted++;
    }
    datagrams.writeAccept(hello.clientSessionId(), session.agreement);
    endpoint.sendNow(datagrams.buffer(), datagrams.length(), source);
  }

  /**
   * A session that its client has not heard of yet, because it has another address since it asked:
   * the cookie, made for the new one, proves that.
   */
  private @Nullable EndpointSession movedMeanwhile(Hello hello, EndpointAddress source) {
    EndpointSession session = endpoint.findByRemoteId(hello.clientSessionId());
    if (session == null
        || session.session.isConfirmed()
        || session.session.parameters().initiator()
        || session.session.parameters().peerIncarnation() != hello.incarnation()) {
      return null;
    }
    endpoint.paths().moveProven(session, source);
    return session;
  }

  private @Nullable RefuseReason reasonToRefuse(Hello hello, EndpointAddress source) {
    if (endpoint.sessionCount() >= endpoint.settings().maximumSessions()) {
      endpoint.writableCounters().sessionsRefusedForLimit++;
      return RefuseReason.BUSY;
    }
    if (endpoint.findByRemoteId(hello.clientSessionId()) != null) {
      return RefuseReason.MALFORMED;
    }
    return endpoint.listener().onHello(source, hello.streamId());
  }

  private void onAccept(long nowNs, Agreement agreement, Connecting asking) {
    if (!isAcceptable(agreement)) {
      return;
    }
    connecting.remove(asking);
    long roundTripNs = asking.handshake.roundTripNs(nowNs);
    endpoint.addSession(
        asking.handshake.hello().clientSessionId(),
        agreement,
        asking.handshake.hello(),
        true,
        asking.remote,
        0,
        roundTripNs > 0 ? roundTripNs : GUESSED_ROUND_TRIP_NS);
  }

  /** A server grants what was asked for or less, and nothing else. */
  private boolean isAcceptable(Agreement agreement) {
    Offer offer = endpoint.settings().offer();
    int ring = agreement.ringCapacity();
    return agreement.serverSessionId() != 0
        && Integer.bitCount(ring) == 1
        && ring >= Offer.SMALLEST_RING
        && ring <= offer.ringCapacity()
        && agreement.datagramLength() >= Offer.SMALLEST_DATAGRAM
        && agreement.datagramLength() <= offer.datagramLength()
        && agreement.idleTimeoutMs() > 0
        && agreement.idleTimeoutMs() <= offer.idleTimeoutMs()
        && agreement.serverStreams() > 0
        && (agreement.integrity() == Integrity.CRC32C
            || agreement.integrity() == offer.integrity());
  }

  private void onRefusal(long nowNs, DirectBuffer buffer, EndpointAddress source) {
    Refusal refusal = datagrams.readRefusal(buffer, cursor);
    if (refusal.reason() == RefuseReason.UNKNOWN_SESSION) {
      EndpointSession session = endpoint.findByRemoteId(refusal.sessionId());
      if (session != null && session.remote.equals(source)) {
        session.session.onPeerForgot(nowNs, refusal.incarnation());
        endpoint.touch(session);
      }
      return;
    }
    if (refusal.reason() == RefuseReason.VERSION
        && refusal.minimumVersion() <= DatagramHeader.VERSION
        && refusal.maximumVersion() >= DatagramHeader.VERSION) {
      return; // the version is common: a hello was damaged on its way, the next one will do
    }
    for (int i = connecting.size() - 1; i >= 0; i--) {
      Connecting asking = connecting.get(i);
      boolean meant =
          asking.handshake.hello().clientSessionId() == refusal.sessionId()
              || (refusal.sessionId() == 0 && refusal.reason() == RefuseReason.VERSION);
      if (meant && asking.remote.equals(source)) {
        connecting.remove(i);
        endpoint.listener().onNotConnected(asking, refusal);
        return;
      }
    }
  }

  /**
   * A datagram of another version: a hello, perhaps, whose sender should know what is spoken here.
   */
  void onOtherVersion(DirectBuffer buffer, int offset, int length, EndpointAddress source) {
    boolean hello =
        DatagramHeader.sessionId(buffer, offset) == 0
            && length >= WireLimits.MINIMUM_HELLO_DATAGRAM_LENGTH;
    if (accepting && hello) {
      refuse(0, server.refusal(0, RefuseReason.VERSION, 0), source);
    }
  }

  /** A datagram of a session that is not here (any more). Never answered by more than it was. */
  void onUnknownSession(long nowNs, long id, int length, EndpointAddress source) {
    if (id == 0 || length < HandshakeDatagrams.REFUSAL_LENGTH || !mayAnswerStranger(nowNs)) {
      return;
    }
    refuse(0, server.refusal(id, RefuseReason.UNKNOWN_SESSION, 0), source);
  }

  private boolean mayAnswerStranger(long nowNs) {
    long earned = (nowNs - strangerCreditNs) / STRANGER_INTERVAL_NS;
    if (earned > 0) {
      strangerCredit = (int) Math.min(strangerCredit + earned, STRANGER_BURST);
      strangerCreditNs = nowNs;
    }
    if (strangerCredit == 0) {
      return false;
    }
    strangerCredit--;
    return true;
  }

  private void refuse(long addressedTo, Refusal refusal, EndpointAddress source) {
    datagrams.writeRefusal(addressedTo, refusal);
    endpoint.sendNow(datagrams.buffer(), datagrams.length(), source);
    endpoint.writableCounters().refused++;
  }

  private @Nullable Connecting find(long clientSessionId, EndpointAddress source) {
    for (int i = 0; i < connecting.size(); i++) {
      Connecting asking = connecting.get(i);
      if (asking.handshake.hello().clientSessionId() == clientSessionId
          && asking.remote.equals(source)) {
        return asking;
      }
    }
    return null;
  }

  private long drawId() {
    long id;
    do {
      id = random.getAsLong();
    } while (id == 0 || endpoint.isIdTaken(id));
    return id;
  }
}
