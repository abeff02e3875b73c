package io.petrel.rudp.congestion;

/**
 * Makes controllers of one kind. An application adds its own by providing this service ({@link
 * java.util.ServiceLoader}); {@code cc=NAME} then chooses it.
 */
public interface CongestionControllerFactory {
  /**
   * The name that {@code cc=} gives.
   *
   * @return the name, lower case.
   */
  String name();

  /**
   * Makes the controller of one session on one path.
   *
   * @param nowNs the time.
   * @param settings what the session is configured with.
   * @return a new controller.
   */
  CongestionController create(long nowNs, CongestionSettings settings);
}
