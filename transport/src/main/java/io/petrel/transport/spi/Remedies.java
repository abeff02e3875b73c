package io.petrel.transport.spi;

/** What mends a refusal of the machine that several transports meet: the end of their messages. */
public final class Remedies {
  private Remedies() {}

  /**
   * For an address that could not be bound.
   *
   * @param udp false for TCP
   * @param port that was asked for
   * @return begins with a semicolon
   */
  public static String forBind(boolean udp, int port) {
    return "; who has the port says: ss -l"
        + (udp ? "u" : "t")
        + "np 'sport = :"
        + port
        + "' (port 0 takes a free one), which addresses are this machine's: ip address";
  }

  /**
   * For a group that could not be joined or sent to.
   *
   * @param interfaceName that was used
   * @return begins with a semicolon
   */
  public static String forInterface(String interfaceName) {
    return "; which interfaces are up says: ip link (another one by interface=NAME; lo can"
        + " multicast after: ip link set lo multicast on), whether "
        + interfaceName
        + " has an address: ip address";
  }
}
