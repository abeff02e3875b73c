package io.petrel.bench.peer;

/**
 * What lies between both ends.
 *
 * @param initiatorHost the address of the initiator's side
 * @param responderHost the address of the responder's side
 * @param roundTripNs how long the way there and back takes on an idle path, 0 if next to nothing
 * @param bitsPerSecond what the path carries, 0 if as much as the machine can
 */
public record Route(
    String initiatorHost, String responderHost, long roundTripNs, long bitsPerSecond) {
  private static final String LOOPBACK_HOST = "127.0.0.1";
  private static final long NANOSECONDS_PER_SECOND = 1_000_000_000L;

  /** Within one host. */
  public static final Route LOOPBACK = new Route(LOOPBACK_HOST, LOOPBACK_HOST, 0, 0);

  /** Whether it stays within one host. */
  public boolean isLoopback() {
    return initiatorHost.equals(LOOPBACK_HOST);
  }

  /** Bytes that are on their way when the path is full, its queue aside; 0 if next to none. */
  public long bytesInFlight() {
    return (long) ((double) bitsPerSecond / Byte.SIZE * roundTripNs / NANOSECONDS_PER_SECOND);
  }
}
