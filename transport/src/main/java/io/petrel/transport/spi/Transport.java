package io.petrel.transport.spi;

import io.petrel.transport.Channel;
import io.petrel.transport.Listener;
import io.petrel.transport.PetrelException;
import io.petrel.transport.Publication;
import io.petrel.transport.Session;
import io.petrel.transport.SessionEvents;
import io.petrel.transport.SessionHandler;
import io.petrel.transport.Subscription;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * All sessions of one scheme in one engine. Every method is called within the engine's turn, by one
 * thread at a time, and none may wait. The options of a channel have been validated.
 *
 * <p>A publication over a {@code SendRing} is a {@link RingPublication}, a subscription over {@code
 * ReceiveRing}s gets a {@link RingSource} for each: then only the bytes between the rings are left
 * to the transport.
 */
public interface Transport {
  /**
   * Opens a publication; a connection is tried in later turns.
   *
   * @param channel whereto
   * @param address of its host; null when hosts are not resolved
   * @param exclusive whether one thread at a time will offer
   * @return the publication
   */
  Publication publish(Channel channel, @Nullable InetSocketAddress address, boolean exclusive);

  /**
   * Opens a subscription, bound.
   *
   * @param channel what
   * @param address of its host; null when hosts are not resolved
   * @param events for {@link EngineHandle#newSubscription}
   * @return the subscription
   */
  Subscription subscribe(
      Channel channel, @Nullable InetSocketAddress address, SessionEvents events);

  /**
   * Opens a duplex session; the connection is tried in later turns.
   *
   * @param channel the peer
   * @param address of its host; null when hosts are not resolved
   * @return the session
   */
  default Session connect(Channel channel, @Nullable InetSocketAddress address) {
    throw new PetrelException(
        channel + ": " + channel.scheme() + " has no duplex sessions; publish and subscribe");
  }

  /**
   * Opens a listener, bound.
   *
   * @param channel where
   * @param address of its host; null when hosts are not resolved
   * @param handler told of sessions within turns
   * @return the listener
   */
  default Listener listen(
      Channel channel, @Nullable InetSocketAddress address, SessionHandler handler) {
    throw new PetrelException(
        channel + ": " + channel.scheme() + " has no duplex sessions; publish and subscribe");
  }

  /**
   * Receives, sends, minds the timers of everything of this transport.
   *
   * @param nowNs time of the turn
   * @return how much was done; 0 when there was nothing
   */
  int work(long nowNs);

  /**
   * Begins to close everything: publications accept no more, what they accepted goes on being
   * delivered, each for its {@code linger} at most, in further turns.
   *
   * @param nowNs time of the turn
   */
  void beginClose(long nowNs);

  /**
   * Whether a close that was begun has nothing left to deliver, or has given it up.
   *
   * @return true at the latest when the longest {@code linger} is over
   */
  boolean isQuiet();

  /** Releases everything at once. Called once, as the last. */
  void close();
}
