package io.petrel.rudp;

import io.petrel.rudp.endpoint.EndpointListener;
import io.petrel.rudp.endpoint.RudpEndpoint;
import io.petrel.rudp.handshake.Refusal;
import io.petrel.transport.Channel;
import io.petrel.transport.Options;
import io.petrel.transport.PetrelException;
import io.petrel.transport.datagram.EndpointAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks one peer for sessions and keeps trying, waiting longer after each failure. Each attempt has
 * a socket of its own, connected to the peer; the host is looked up again before each but the
 * first, off the engine's thread.
 */
final class RudpDialer {
  /** The wait between attempts doubles up to this many times the option. */
  private static final int BACK_OFF_LIMIT = 32;

  private static final long LEAST_WAIT_NS = 1_000_000;
  private static final System.Logger LOGGER = System.getLogger(RudpDialer.class.getName());

  private final RudpTransport transport;
  private final Channel channel;
  private final RudpOptions options;
  private final EndpointListener listener;
  private final List<RudpEndpoint> lingering = new ArrayList<>();
  private @Nullable InetSocketAddress address;
  private @Nullable RudpEndpoint endpoint;
  private @Nullable String lastRefusal;
  private boolean resolving;
  private boolean closed;
  private boolean everConnected;
  private int failures;
  private long attemptNs;

  RudpDialer(
      RudpTransport transport,
      Channel channel,
      RudpOptions options,
      InetSocketAddress address,
      EndpointListener listener) {
    this.transport = transport;
    this.channel = channel;
    this.options = options;
    this.address = address;
    this.listener = listener;
    this.attemptNs = System.nanoTime();
  }

  /** Where the session of now lives, or is asked for; null between two attempts. */
  @Nullable RudpEndpoint endpoint() {
    return endpoint;
  }

  /** Takes the endpoints' turns; {@code trying} says whether a session is wanted and not there. */
  int work(long nowNs, boolean trying) {
    int done = 0;
    RudpEndpoint current = endpoint;
    if (current != null) {
      done += current.work(nowNs);
    } else if (trying && !resolving && nowNs - attemptNs >= 0) {
      attempt(nowNs);
      done++;
    }
    for (int i = lingering.size() - 1; i >= 0; i--) {
      RudpEndpoint old = lingering.get(i);
      done += old.work(nowNs);
      if (old.isIdle()) {
        lingering.remove(i);
        transport.metrics().keep(old);
        old.close();
      }
    }
    return done;
  }

  private void attempt(long nowNs) {
    InetSocketAddress to = address;
    if (to == null) {
      resolving = true;
      transport.engine().resolve(channel.host(), channel.port(), this::onAddress);
      return;
    }
    address = null;
    EndpointAddress peer = EndpointAddress.of(to);
    EndpointAddress near = new EndpointAddress();
    if (peer.family() == EndpointAddress.IPV6) {
      near.setIpv6(0, 0, 0, 0);
    } else {
      near.setIpv4(0, 0);
    }
    try {
      RudpEndpoint fresh =
          new RudpEndpoint(
              nowNs,
              transport.ports().open(options.port(near).remoteAddress(peer)),
              options.endpoint(peer.isLoopback()),
              false,
              transport.incarnation(),
              transport::nextRandom,
              listener);
      endpoint = fresh;
      fresh.connect(nowNs, peer, options.value(Options.STREAM));
    } catch (IOException refused) {
      failOnce(channel + " cannot be reached: " + refused.getMessage());
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
    long waitNs =
        Math.max(options.value(Options.RECONNECT), LEAST_WAIT_NS)
            * Math.min(1L << failures, BACK_OFF_LIMIT);
    failures = Math.min(failures + 1, Integer.numberOfTrailingZeros(BACK_OFF_LIMIT));
    attemptNs = nowNs + waitNs;
  }

  void onConnected() {
    LOGGER.log(System.Logger.Level.DEBUG, () -> channel + " connected");
    everConnected = true;
    failures = 0;
    lastRefusal = null;
  }

  /** The peer did not answer, or said no. */
  void onNotConnected(long nowNs, @Nullable Refusal refusal) {
    retire();
    fail(nowNs);
    if (refusal != null) {
      failOnce(channel + " refused by its peer: " + refusal.explain());
    }
  }

  /** The session has ended. Returns whether another will be tried. */
  boolean onLost(long nowNs) {
    retire();
    if (closed || (everConnected && options.value(Options.RECONNECT) == 0)) {
      return false;
    }
    fail(nowNs);
    return true;
  }

  /** The endpoint goes on until nothing is under way, beside the next attempt. */
  private void retire() {
    RudpEndpoint old = endpoint;
    endpoint = null;
    if (old != null) {
      old.stopConnecting();
      lingering.add(old);
    }
  }

  /** Tells the application once in a row of equal failures. */
  private void failOnce(String why) {
    if (!why.equals(lastRefusal)) {
      lastRefusal = why;
      transport.engine().onError(new PetrelException(why));
    }
  }

  /** No more attempts. */
  void close() {
    closed = true;
    retire();
  }

  boolean isOver() {
    return closed && lingering.isEmpty();
  }

  /** Gives everything back at once. */
  void release() {
    close();
    for (RudpEndpoint old : lingering) {
      transport.metrics().keep(old);
      old.close();
    }
    lingering.clear();
  }

  void addTo(RudpMetrics metrics) {
    RudpEndpoint current = endpoint;
    if (current != null) {
      metrics.add(current);
    }
    for (int i = 0; i < lingering.size(); i++) {
      metrics.add(lingering.get(i));
    }
  }
}
