package io.petrel.transport.tcp;

import io.petrel.transport.Channel;
import io.petrel.transport.PetrelException;
import io.petrel.transport.spi.EngineHandle;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * Connects to one peer and keeps trying, waiting longer after each failure. The host is looked up
 * again before each attempt but the first, off the engine's thread.
 */
final class TcpDialer {
  /** The wait between attempts doubles up to this many times the option. */
  private static final int BACK_OFF_LIMIT = 32;

  /** Asking the kernel whether a connection has come costs a call: not in every turn. */
  private static final long LOOK_NS = 20_000;

  private static final System.Logger LOGGER = System.getLogger(TcpDialer.class.getName());

  private final EngineHandle engine;
  private final Channel channel;
  private final TcpOptions options;
  private @Nullable InetSocketAddress address;
  private @Nullable SocketChannel connecting;
  private boolean resolving;
  private boolean everConnected;
  private boolean closed;
  private int lastRefusal;
  private int failures;
  private long attemptAtNs;
  private long attemptEndNs;
  private long lookAtNs;

  TcpDialer(EngineHandle engine, Channel channel, TcpOptions options, InetSocketAddress address) {
    this.engine = engine;
    this.channel = channel;
    this.options = options;
    this.address = address;
    attemptAtNs = System.nanoTime();
  }

  /** Goes on trying. Returns a connection once there is one. */
  @Nullable TcpConnection work(long nowNs, TcpBuffers buffers) {
    SocketChannel current = connecting;
    if (current == null) {
      if (!resolving && nowNs - attemptAtNs >= 0) {
        attempt(nowNs);
      }
      return null;
    }
    if (nowNs - lookAtNs < 0) {
      return null;
    }
    lookAtNs = nowNs + LOOK_NS;
    try {
      if (current.finishConnect()) {
        connecting = null;
        return new TcpConnection(current, buffers);
      }
      if (nowNs - attemptEndNs >= 0) {
        fail(nowNs);
      }
    } catch (IOException e) {
      fail(nowNs);
    }
    return null;
  }

  private void attempt(long nowNs) {
    InetSocketAddress to = address;
    if (to == null) {
      resolving = true;
      engine.resolve(channel.host(), channel.port(), this::onAddress);
      return;
    }
    address = null;
    attemptEndNs = nowNs + options.connectTimeoutNs();
    lookAtNs = nowNs;
    try {
      SocketChannel fresh = SocketChannel.open();
      connecting = fresh;
      TcpConnection.prepare(fresh, options.socketBufferBytes());
      fresh.connect(to);
    } catch (IOException e) {
      fail(nowNs);
    }
  }

  private void onAddress(@Nullable InetSocketAddress found) {
    resolving = false;
    address = found;
    if (found == null) {
      fail(System.nanoTime());
    }
  }

  private void fail(long nowNs) {
    abandon();
    long waitNs =
        Math.max(options.reconnectNs(), LOOK_NS) * Math.min(1L << failures, BACK_OFF_LIMIT);
    failures = Math.min(failures + 1, Integer.numberOfTrailingZeros(BACK_OFF_LIMIT));
    attemptAtNs = nowNs + waitNs;
  }

  void onConnected() {
    LOGGER.log(System.Logger.Level.DEBUG, () -> channel + " connected");
    everConnected = true;
    failures = 0;
    lastRefusal = 0;
  }

  /** A connection has ended. Returns whether another will be tried. */
  boolean onLost(long nowNs, boolean wasOpen) {
    LOGGER.log(System.Logger.Level.DEBUG, () -> channel + (wasOpen ? " lost" : " not connected"));
    if (closed || (everConnected && options.reconnectNs() == 0)) {
      return false;
    }
    fail(nowNs);
    return true;
  }

  /** Tells the application once in a row of equal refusals. */
  void onRefused(int reason, int peerVersion) {
    if (reason != lastRefusal) {
      lastRefusal = reason;
      engine.onError(
          new PetrelException(channel + " refused by its peer: " + why(reason, peerVersion)));
    }
  }

  private static String why(int reason, int peerVersion) {
    return switch (reason) {
      case TcpFrames.REFUSED_VERSION ->
          "it speaks version "
              + peerVersion
              + ", this side "
              + TcpFrames.VERSION
              + "; use the same release on both";
      case TcpFrames.REFUSED_LIMIT -> "it has as many sessions as its option 'sessions' allows";
      case TcpFrames.REFUSED_BY_FILTER -> "its accept filter does not let this address in";
      case TcpFrames.REFUSED_VALUES -> "it does not accept the values of this side's options";
      default -> "reason " + reason;
    };
  }

  void close() {
    closed = true;
    abandon();
  }

  private void abandon() {
    SocketChannel current = connecting;
    connecting = null;
    if (current != null) {
      try {
        current.close();
      } catch (IOException e) {
        // The descriptor is gone either way.
      }
    }
  }
}
