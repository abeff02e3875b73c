package io.petrel.transport.tcp;

import io.petrel.transport.EndReason;
import io.petrel.transport.SessionInfo;
import io.petrel.transport.ring.RingResult;
import io.petrel.transport.spi.EngineHandle;
import io.petrel.transport.spi.RingPublication;
import io.petrel.transport.spi.RingSource;
import io.petrel.transport.spi.SubscriptionPort;
import java.net.SocketAddress;
import java.util.function.IntFunction;
import org.agrona.DirectBuffer;
import org.agrona.collections.ArrayUtil;
import org.jspecify.annotations.Nullable;

/**
 * The streams of a session in both directions: cuts arriving bytes into frames and puts them in
 * their rings, and stages what is to go. Knows no socket.
 */
final class TcpStreams {
  private static final SendStream[] NO_SENDERS = {};
  private static final ReceiveStream[] NO_RECEIVERS = {};

  private final EngineHandle engine;
  private final TcpSession session;
  private final IntFunction<@Nullable SubscriptionPort> ports;
  private SendStream[] senders = NO_SENDERS;
  private ReceiveStream[] receivers = NO_RECEIVERS;
  private @Nullable TcpTerms terms;
  private @Nullable SocketAddress remoteAddress;

  // A DATA frame of which not all has come.
  private @Nullable ReceiveStream dataStream;
  private long dataPosition;
  private int dataRemaining;

  private @Nullable EndReason ending;

  TcpStreams(
      EngineHandle engine, TcpSession session, IntFunction<@Nullable SubscriptionPort> ports) {
    this.engine = engine;
    this.session = session;
    this.ports = ports;
  }

  // ---- The session's life ----

  /** A connection is there: every publication gets its ring. */
  void begin(TcpTerms agreed, @Nullable SocketAddress remote) {
    terms = agreed;
    remoteAddress = remote;
    dataStream = null;
    dataRemaining = 0;
    ending = null;
    for (SendStream sender : senders) {
      sender.open(session, agreed);
    }
  }

  /** The connection is gone, or about to be. */
  void end(EndReason reason) {
    terms = null;
    for (SendStream sender : senders) {
      sender.publication.disconnected(reason);
      sender.release();
      if (sender.closing) {
        senders = ArrayUtil.remove(senders, sender);
      }
    }
    for (ReceiveStream receiver : receivers) {
      receiver.end(reason);
      forgetIfIdle(receiver);
    }
  }

  /** Every publication is closed; what it accepted is still delivered. */
  void closePublications(long deadlineNs) {
    for (SendStream sender : senders) {
      sender.publication.closeByTransport();
      closeSender(sender, deadlineNs);
    }
  }

  /** Nobody reads any more; the peer is told. */
  void closeSubscriptions() {
    for (ReceiveStream receiver : receivers) {
      receiver.closeSubscription();
      unsubscribe(receiver.id);
    }
  }

  /** Why the peer's frames end the session; null as long as they do not. */
  @Nullable EndReason ending() {
    return ending;
  }

  // ---- Publications and subscriptions ----

  @Nullable SendStream sender(int stream) {
    for (SendStream sender : senders) {
      if (sender.id == stream) {
        return sender;
      }
    }
    return null;
  }

  boolean hasSenders() {
    return senders.length > 0;
  }

  void add(SendStream sender) {
    senders = ArrayUtil.add(senders, sender);
    TcpTerms agreed = terms;
    if (agreed != null) {
      sender.open(session, agreed);
    }
  }

  void close(RingPublication publication, long deadlineNs) {
    for (SendStream sender : senders) {
      if (sender.publication.equals(publication)) {
        closeSender(sender, deadlineNs);
      }
    }
  }

  private void closeSender(SendStream sender, long deadlineNs) {
    if (!sender.closing) {
      sender.closing = true;
      sender.closeDeadlineNs = deadlineNs;
    }
    if (sender.ring == null) {
      senders = ArrayUtil.remove(senders, sender);
    }
  }

  boolean isSubscribed(int stream) {
    ReceiveStream receiver = receiver(stream);
    return receiver != null && receiver.port != null;
  }

  void subscribe(int stream, SubscriptionPort port) {
    ReceiveStream receiver = receiver(stream);
    if (receiver == null) {
      receiver = new ReceiveStream(stream, null);
      receivers = ArrayUtil.add(receivers, receiver);
    }
    receiver.subscribe(port);
  }

  void unsubscribe(int stream) {
    ReceiveStream receiver = receiver(stream);
    if (receiver != null) {
      receiver.unsubscribe();
      forgetIfIdle(receiver);
    }
  }

  private @Nullable ReceiveStream receiver(int stream) {
    for (ReceiveStream receiver : receivers) {
      if (receiver.id == stream) {
        return receiver;
      }
    }
    return null;
  }

  private void forgetIfIdle(ReceiveStream receiver) {
    if (receiver.isIdle()) {
      receivers = ArrayUtil.remove(receivers, receiver);
    }
  }

  // ---- Outwards ----

  /** Stages what may go; acknowledgements when asked, urgent, or in company. */
  boolean stage(TcpBuffers buffers, boolean withAcks) {
    boolean more = false;
    for (SendStream sender : senders) {
      more |= sender.stage(buffers);
    }
    boolean company = withAcks || buffers.outLength > 0;
    for (ReceiveStream receiver : receivers) {
      if (company || receiver.isAckUrgent()) {
        receiver.stage(buffers);
      }
    }
    return more;
  }

  /** The slower clockwork: abandoned claims, publications that close or are opened again. */
  void onTick(long nowNs, TcpBuffers buffers, TcpOptions options) {
    for (SendStream sender : senders) {
      if (sender.ring != null) {
        sender.ring.unblock(nowNs, options.claimTimeoutNs());
      }
      if (sender.closing) {
        finish(sender, nowNs, buffers);
      } else if (sender.ring == null) {
        openAgain(sender, nowNs, options.reconnectNs());
      }
    }
    for (ReceiveStream receiver : receivers) {
      RingSource source = receiver.source;
      if (source != null && source.ring().breach() != 0) {
        ending = EndReason.PROTOCOL_BREACH;
      }
      forgetIfIdle(receiver);
    }
  }

  private void openAgain(SendStream sender, long nowNs, long reconnectNs) {
    TcpTerms agreed = terms;
    if (agreed == null) {
      return;
    }
    if (sender.stopped) {
      sender.stopped = false;
      sender.reopenAtNs = nowNs + reconnectNs;
    } else if (nowNs - sender.reopenAtNs >= 0) {
      sender.open(session, agreed);
    }
  }

  private void finish(SendStream sender, long nowNs, TcpBuffers buffers) {
    boolean overdue = nowNs - sender.closeDeadlineNs >= 0;
    if ((!sender.isDelivered() && !overdue) || buffers.room() < TcpFrames.HEADER_LENGTH) {
      return;
    }
    if (sender.ring != null && sender.isSent()) {
      buffers.stage(TcpFrames.FIN, 0, sender.id, 0, sender.ring.writtenPosition());
    }
    sender.publication.disconnected(EndReason.CLOSED_HERE);
    sender.release();
    senders = ArrayUtil.remove(senders, sender);
  }

  // ---- Inwards ----

  /**
   * Takes what arrived, as far as it makes whole frames or data.
   *
   * @return how much of it was taken; what is left is less than a frame's header
   */
  int take(DirectBuffer buffer, int start, int length) {
    int offset = start;
    while (ending == null) {
      if (dataRemaining > 0) {
        int part = Math.min(dataRemaining, length - offset);
        if (part == 0) {
          break;
        }
        onData(buffer, offset, part);
        offset += part;
      } else if (length - offset >= TcpFrames.HEADER_LENGTH) {
        onFrame(buffer, offset);
        offset += TcpFrames.HEADER_LENGTH;
      } else {
        break;
      }
    }
    return offset - start;
  }

  private void onData(DirectBuffer buffer, int offset, int length) {
    ReceiveStream stream = dataStream;
    RingSource source = stream == null ? null : stream.source;
    if (stream != null && source != null) {
      int result = source.ring().insert(dataPosition, buffer, offset, length);
      if (result == RingResult.NO_MEMORY) {
        stream.stopForLackOfMemory();
      } else if (result != length) {
        ending = EndReason.PROTOCOL_BREACH; // twice, beyond the window, or with a gap
      }
    }
    dataPosition += length;
    dataRemaining -= length;
  }

  private void onFrame(DirectBuffer buffer, int offset) {
    int stream = TcpFrames.stream(buffer, offset);
    int length = TcpFrames.length(buffer, offset);
    int type = TcpFrames.type(buffer, offset);
    boolean valid =
        switch (type) {
          case TcpFrames.DATA -> onDataHeader(buffer, offset, stream, length);
          case TcpFrames.ACK -> length == 0 && onAck(buffer, offset, stream);
          case TcpFrames.OPEN -> length == 0 && onOpen(stream);
          case TcpFrames.FIN -> length == 0 && onFin(stream, TcpFrames.position(buffer, offset));
          case TcpFrames.STOP -> length == 0 && onStop(stream);
          case TcpFrames.ALIVE -> length == 0;
          case TcpFrames.GOODBYE -> {
            ending = EndReason.CLOSED_BY_PEER;
            yield true;
          }
          default -> false;
        };
    if (!valid) {
      ending = EndReason.PROTOCOL_BREACH;
    }
  }

  private boolean onDataHeader(DirectBuffer buffer, int offset, int stream, int length) {
    ReceiveStream receiver = receiver(stream);
    if (length <= 0 || length > TcpBuffers.CAPACITY) {
      return false;
    }
    dataStream = receiver; // none, or stopped meanwhile: the bytes are passed over
    dataPosition = TcpFrames.position(buffer, offset);
    dataRemaining = length;
    RingSource source = receiver == null ? null : receiver.source;
    return source == null || dataPosition == source.ring().contiguousPosition();
  }

  private boolean onAck(DirectBuffer buffer, int offset, int stream) {
    SendStream sender = sender(stream);
    return sender == null || sender.onAck(buffer, offset);
  }

  private boolean onOpen(int stream) {
    TcpTerms agreed = terms;
    ReceiveStream receiver = receiver(stream);
    if (agreed == null || stream < 0 || (receiver != null && receiver.source != null)) {
      return false;
    }
    if (receiver == null) {
      if (receivers.length >= agreed.streams()) {
        return false;
      }
      receiver = new ReceiveStream(stream, ports.apply(stream));
      receivers = ArrayUtil.add(receivers, receiver);
    }
    SessionInfo info = new SessionInfo(agreed.sessionId(), stream, remoteAddress);
    receiver.open(new RingSource(engine, info, agreed.ringCapacity(), 1, engine.ringMemory()));
    return true;
  }

  private boolean onFin(int stream, long position) {
    ReceiveStream receiver = receiver(stream);
    RingSource source = receiver == null ? null : receiver.source;
    if (receiver == null || source == null) {
      return true; // stopped meanwhile
    }
    boolean whole = position == source.ring().contiguousPosition();
    receiver.end(whole ? EndReason.CLOSED_BY_PEER : EndReason.PROTOCOL_BREACH);
    return whole;
  }

  private boolean onStop(int stream) {
    SendStream sender = sender(stream);
    if (sender != null && sender.ring != null) {
      sender.publication.disconnected(EndReason.CLOSED_BY_PEER);
      sender.release();
      sender.stopped = true;
      if (sender.closing) {
        senders = ArrayUtil.remove(senders, sender);
      }
    }
    return true;
  }
}
