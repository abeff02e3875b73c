package io.petrel.transport.aeron;

import io.aeron.Image;
import io.aeron.ImageControlledFragmentAssembler;
import io.aeron.ImageFragmentAssembler;
import io.aeron.logbuffer.ControlledFragmentHandler;
import io.petrel.transport.ControlledMessageHandler;
import io.petrel.transport.ControlledMessageHandler.Action;
import io.petrel.transport.EndReason;
import io.petrel.transport.Header;
import io.petrel.transport.MessageHandler;
import io.petrel.transport.SessionEvents;
import io.petrel.transport.SessionInfo;
import io.petrel.transport.spi.EngineHandle;
import io.petrel.transport.spi.Source;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One image as a source: whole messages out of its fragments, and its end where Aeron says that the
 * stream ends, which is before the image goes.
 */
final class AeronSource implements Source {
  private static final MessageHandler NONE = (buffer, offset, length, header) -> {};
  private static final ControlledMessageHandler NONE_CONTROLLED =
      (buffer, offset, length, header) -> Action.CONTINUE;

  private final EngineHandle engine;
  private final Image image;
  private final InFlight inFlight;
  private final SessionInfo session;
  private final Header header;
  private final ImageFragmentAssembler messages = new ImageFragmentAssembler(this::onMessage);
  private final ImageControlledFragmentAssembler controlledMessages =
      new ImageControlledFragmentAssembler(this::onControlledMessage);

  // The polling thread's.
  private MessageHandler handler = NONE;
  private ControlledMessageHandler controlledHandler = NONE_CONTROLLED;
  private boolean polling;
  private boolean stopped;
  private int count;

  AeronSource(EngineHandle engine, Image image, int stream, InFlight inFlight) {
    this.engine = engine;
    this.image = image;
    this.inFlight = inFlight;
    session =
        new SessionInfo(
            Integer.toUnsignedLong(image.sessionId()), stream, address(image.sourceIdentity()));
    header = new Header(session);
  }

  /** Aeron names the peer as address:port; shared memory has none. */
  private static @Nullable SocketAddress address(String identity) {
    int colon = identity.lastIndexOf(':');
    String host = colon < 0 ? "" : identity.substring(0, colon).replaceAll("[\\[\\]]", "");
    if (!host.matches("[0-9A-Fa-f.:%]+") || !identity.substring(colon + 1).matches("[0-9]{1,5}")) {
      return null;
    }
    try {
      int port = Integer.parseInt(identity.substring(colon + 1));
      return new InetSocketAddress(InetAddress.getByName(host), port);
    } catch (UnknownHostException e) {
      return null;
    }
  }

  Image image() {
    return image;
  }

  @Override
  public SessionInfo session() {
    return session;
  }

  @Override
  public void begin(SessionEvents events) {} // Aeron tells of no loss: an image ends instead.

  @Override
  public int poll(MessageHandler messageHandler, int limit) {
    if (polling) {
      return 0;
    }
    inFlight.enter();
    polling = true;
    handler = messageHandler;
    count = 0;
    try {
      int fragments = 1;
      while (count < limit && fragments > 0) {
        fragments = image.poll(messages, limit - count);
      }
      return count;
    } finally {
      polling = false;
      inFlight.exit();
    }
  }

  private void onMessage(
      DirectBuffer buffer, int offset, int length, io.aeron.logbuffer.Header aeronHeader) {
    count++;
    try {
      handler.onMessage(buffer, offset, length, header.position(aeronHeader.position()));
    } catch (Throwable e) {
      engine.onError(e);
    }
  }

  @Override
  public int controlledPoll(ControlledMessageHandler messageHandler, int limit) {
    if (polling) {
      return 0;
    }
    inFlight.enter();
    polling = true;
    controlledHandler = messageHandler;
    count = 0;
    stopped = false;
    try {
      int fragments = 1;
      while (count < limit && fragments > 0 && !stopped) {
        fragments = image.controlledPoll(controlledMessages, limit - count);
      }
      return count;
    } finally {
      polling = false;
      inFlight.exit();
    }
  }

  private ControlledFragmentHandler.Action onControlledMessage(
      DirectBuffer buffer, int offset, int length, io.aeron.logbuffer.Header aeronHeader) {
    Action action = Action.CONTINUE;
    try {
      action =
          controlledHandler.onMessage(
              buffer, offset, length, header.position(aeronHeader.position()));
    } catch (Throwable e) {
      engine.onError(e);
    }
    stopped = action == Action.ABORT || action == Action.BREAK;
    count += action == Action.ABORT ? 0 : 1;
    return switch (action) {
      case ABORT -> ControlledFragmentHandler.Action.ABORT;
      case BREAK -> ControlledFragmentHandler.Action.BREAK;
      case COMMIT -> ControlledFragmentHandler.Action.COMMIT;
      case CONTINUE -> ControlledFragmentHandler.Action.CONTINUE;
    };
  }

  @Override
  public boolean isEnded() {
    return !polling && (image.isClosed() || image.isEndOfStream());
  }

  @Override
  public EndReason endReason() {
    return image.isEndOfStream() ? EndReason.CLOSED_BY_PEER : EndReason.TIMED_OUT;
  }

  @Override
  public long position() {
    return image.position();
  }
}
