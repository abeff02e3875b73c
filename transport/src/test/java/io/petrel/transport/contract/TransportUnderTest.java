package io.petrel.transport.contract;

import io.petrel.transport.Listener;
import io.petrel.transport.Subscription;
import java.net.InetSocketAddress;
import java.util.Map;

/** How a transport's URIs are made, and what of the contract does not apply to it. */
public interface TransportUnderTest {
  /**
   * The scheme.
   *
   * @return such as {@code tcp}
   */
  String scheme();

  /**
   * A URI to subscribe or listen with, at a place nobody uses yet.
   *
   * @param options such as {@code ring=64KiB}, perhaps empty
   * @return a URI
   */
  String freshUri(String options);

  /**
   * A URI to publish or connect with, to a place that was subscribed to.
   *
   * @param subscription open
   * @param options perhaps empty
   * @return a URI
   */
  String uriOf(Subscription subscription, String options);

  /**
   * A URI to connect with.
   *
   * @param listener open
   * @param options perhaps empty
   * @return a URI
   */
  default String uriOf(Listener listener, String options) {
    return scheme()
        + "://127.0.0.1:"
        + ((InetSocketAddress) listener.localAddress()).getPort()
        + query(options);
  }

  /**
   * The longest message of a ring.
   *
   * @param capacity of the ring
   * @return an eighth, where the transport knows rings of any size
   */
  default int messageLimit(int capacity) {
    return capacity / 8;
  }

  /**
   * Whether a publisher is told what its peer has.
   *
   * @return false where the transport cannot know
   */
  default boolean acknowledges() {
    return true;
  }

  /**
   * How often engines are opened and closed at random moments.
   *
   * @return fewer where opening takes long
   */
  default int rounds() {
    return 40;
  }

  /**
   * Cases that do not apply.
   *
   * @return names of test methods to reasons
   */
  default Map<String, String> inapplicable() {
    return Map.of();
  }

  /**
   * Options as the query of a URI.
   *
   * @param options perhaps empty
   * @return with its question mark, or empty
   */
  static String query(String options) {
    return options.isEmpty() ? "" : "?" + options;
  }
}
