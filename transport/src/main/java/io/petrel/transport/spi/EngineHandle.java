package io.petrel.transport.spi;

import io.petrel.transport.Channel;
import io.petrel.transport.Context;
import io.petrel.transport.Session;
import io.petrel.transport.SessionEvents;
import io.petrel.transport.metrics.Counters;
import io.petrel.transport.ring.RingMemory;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What an engine does for its transports and for what they hand out. */
public interface EngineHandle {
  /** Told of an address that was looked up. */
  @FunctionalInterface
  interface AddressHandler {
    /**
     * Called within a turn.
     *
     * @param address found; null when there is none
     */
    void onAddress(@Nullable InetSocketAddress address);
  }

  /**
   * What the engine was launched with.
   *
   * @return concluded
   */
  Context context();

  /**
   * Where rings get their memory.
   *
   * @return limited by the option {@code ring-memory}
   */
  RingMemory ringMemory();

  /**
   * Where the engine's turns count; what other threads update takes another writer's of these.
   *
   * @return of this engine's metrics file
   */
  Counters counters();

  /**
   * Whether the application's threads take the turns.
   *
   * @return false when a thread of the engine's own does
   */
  boolean isInvoked();

  /**
   * Where the engine is invoked and in no turn: sends what a session's rings hold. Else nothing: a
   * turn will send it. For any thread, on the hot path.
   *
   * @param side the session
   */
  void flush(SendSide side);

  /**
   * Where the engine is invoked and in no turn: takes one. For any thread, on the hot path.
   *
   * @return how much was done
   */
  int turn();

  /**
   * Runs a command within a turn, soon, and does not wait for it. For any thread.
   *
   * @param command short
   */
  void execute(Runnable command);

  /**
   * Runs a command within a turn and waits for its result. For any thread; within a turn it runs at
   * once.
   *
   * @param command short
   * @return what it returned
   * @param <T> of the result
   */
  <T extends @Nullable Object> T call(Supplier<T> command);

  /**
   * Looks a name up again, off the engine's thread; an address is its own answer.
   *
   * @param host name or address
   * @param port goes into the address
   * @param handler called in a later turn
   */
  void resolve(String host, int port, AddressHandler handler);

  /**
   * Opens a session of another transport, for one that needs it beside its own way. Within turns
   * only.
   *
   * @param channel the peer
   * @param address of the peer
   * @return the session, which may not be connected yet
   */
  Session connect(Channel channel, InetSocketAddress address);

  /**
   * Makes a subscription to which the transport attaches its sources.
   *
   * @param channel that it was opened with
   * @param localAddress that it is bound to
   * @param events of the application
   * @param sourceLimit sources at a time
   * @param onClose run within a turn when the application closes it
   * @return the engine's side of it
   */
  SubscriptionPort newSubscription(
      Channel channel,
      @Nullable SocketAddress localAddress,
      SessionEvents events,
      int sourceLimit,
      Runnable onClose);

  /**
   * Counts an error, logs it if it is the first of its kind, and tells the application. For any
   * thread.
   *
   * @param error what, which value, and what to do
   */
  void onError(Throwable error);
}
