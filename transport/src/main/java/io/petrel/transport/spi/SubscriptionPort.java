package io.petrel.transport.spi;

import io.petrel.transport.Subscription;

/** The engine's side of a subscription. */
public interface SubscriptionPort {
  /**
   * What the application holds.
   *
   * @return the subscription
   */
  Subscription subscription();

  /**
   * Adds a source; the next poll tells the application of its session. Within turns only.
   *
   * @param source stays until it has ended and everything of it was polled
   * @return false when the limit is reached or the subscription is closed: refuse the session
   */
  boolean attach(Source source);

  /**
   * Closes the subscription as the application would, without running its {@code onClose}: for when
   * the transport closes. Within turns only.
   */
  void closed();
}
