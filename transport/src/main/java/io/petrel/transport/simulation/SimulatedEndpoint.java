package io.petrel.transport.simulation;

/**
 * What a simulation drives: a protocol with its ports, or an application on top of it. It is called
 * when something arrived at its host and when its deadline is reached, never without cause.
 */
public interface SimulatedEndpoint {
  /** The deadline of an endpoint that waits for nothing but datagrams. */
  long NO_DEADLINE = Long.MAX_VALUE;

  /**
   * Does what can be done now. It is called again at once for as long as it did something.
   *
   * @param nowNs what the clock of the endpoint's host shows
   * @return 0 when there was nothing to do
   */
  int work(long nowNs);

  /**
   * When the endpoint wants to be called even if nothing arrives; asked after {@link #work}.
   *
   * @return a time of the host's clock, or {@link #NO_DEADLINE}
   */
  long nextDeadlineNs();
}
