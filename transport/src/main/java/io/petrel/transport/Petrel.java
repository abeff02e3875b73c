package io.petrel.transport;

/**
 * One engine with its sessions: the door to everything here.
 *
 * <pre>{@code
 * try (Petrel petrel = Petrel.launch()) {
 *   Subscription quotes = petrel.subscribe("rudp://0.0.0.0:9000?stream=7");
 *   Publication out = petrel.publish("rudp://10.0.0.5:9000?stream=7");
 *   long result = out.offer(buffer, offset, length);
 *   int messages = quotes.poll((buffer, offset, length, header) -> ..., 64);
 * }
 * }</pre>
 *
 * <p>The transport is chosen by the scheme of the URI; what a scheme and its options mean is in the
 * options reference. A wrong URI, option or value is refused at once by a {@link
 * ConfigurationException} that names it; what the machine refuses (a port in use, an address it
 * does not have) by a {@link PetrelException}.
 *
 * <p>All methods may be called from any thread. With {@link Threading#THREAD}, the default, a
 * thread of the engine's own moves the bytes. With {@link Threading#INVOKER} the application's
 * threads do: {@link #work()}, {@link Subscription#poll} and {@link Publication#offer} take a turn
 * each, and nothing moves unless one of them is called often. A call that finds another thread in
 * the middle of a turn leaves the turn to that thread and does its own part only.
 */
public interface Petrel extends AutoCloseable {
  /**
   * Launches an engine with the defaults.
   *
   * @return the running engine
   */
  static Petrel launch() {
    return launch(new Context());
  }

  /**
   * Launches an engine.
   *
   * @param context how; concluded here if it is not yet, and then no longer to be changed
   * @return the running engine
   */
  static Petrel launch(Context context) {
    return PetrelProvider.instance().launch(context.conclude());
  }

  /**
   * Publishes for any number of threads: they may offer at the same time.
   *
   * @param uri whereto
   * @return the publication, which may not be connected yet
   */
  default Publication publish(String uri) {
    return publish(Channel.parse(uri), false);
  }

  /**
   * Publishes for one thread at a time, which is faster: nothing guards against two.
   *
   * @param uri whereto
   * @return the publication, which may not be connected yet
   */
  default Publication publishExclusive(String uri) {
    return publish(Channel.parse(uri), true);
  }

  /**
   * Publishes.
   *
   * @param channel whereto
   * @param exclusive whether only one thread at a time will offer
   * @return the publication, which may not be connected yet
   */
  Publication publish(Channel channel, boolean exclusive);

  /**
   * Subscribes, unheeding of which sessions come and go.
   *
   * @param uri what
   * @return the subscription, bound and ready to be polled
   */
  default Subscription subscribe(String uri) {
    return subscribe(Channel.parse(uri), new SessionEvents() {});
  }

  /**
   * Subscribes.
   *
   * @param uri what
   * @param events told of sessions and losses, within {@code poll}, in order with the data
   * @return the subscription, bound and ready to be polled
   */
  default Subscription subscribe(String uri, SessionEvents events) {
    return subscribe(Channel.parse(uri), events);
  }

  /**
   * Subscribes.
   *
   * @param channel what
   * @param events told of sessions and losses, within {@code poll}, in order with the data
   * @return the subscription, bound and ready to be polled
   */
  Subscription subscribe(Channel channel, SessionEvents events);

  /**
   * Opens a duplex session with a listening peer.
   *
   * @param uri the peer
   * @return the session, which may not be connected yet
   */
  default Session connect(String uri) {
    return connect(Channel.parse(uri));
  }

  /**
   * Opens a duplex session with a listening peer.
   *
   * @param channel the peer
   * @return the session, which may not be connected yet
   */
  Session connect(Channel channel);

  /**
   * Accepts duplex sessions.
   *
   * @param uri where to listen
   * @param handler asked about and told of each session, on the thread that takes the turn
   * @return the listener, bound
   */
  default Listener listen(String uri, SessionHandler handler) {
    return listen(Channel.parse(uri), handler);
  }

  /**
   * Accepts duplex sessions.
   *
   * @param channel where to listen
   * @param handler asked about and told of each session, on the thread that takes the turn
   * @return the listener, bound
   */
  Listener listen(Channel channel, SessionHandler handler);

  /**
   * Takes one turn: receives, sends, minds the timers. With {@link Threading#THREAD}, and when
   * another thread is in a turn, it does nothing.
   *
   * @return how much was done; 0 when the caller may idle
   */
  int work();

  /**
   * What this was launched with.
   *
   * @return the concluded context
   */
  Context context();

  /**
   * Whether {@link #close()} was called.
   *
   * @return true from the beginning of a close
   */
  boolean isClosed();

  /**
   * Closes everything this engine opened. What publications had accepted is still delivered, as far
   * as that succeeds within the option {@code linger}; then the rest is given up. Others may offer
   * and poll meanwhile: they are told {@link Publication#CLOSED}, or nothing comes. May be called
   * again, to no effect.
   */
  @Override
  void close();
}
