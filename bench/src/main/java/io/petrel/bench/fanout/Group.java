package io.petrel.bench.fanout;

import io.petrel.bench.peer.Setup;

/** The group of a run: its own, as its port is, so that runs do not hear each other. */
final class Group {
  /** The loopback: what is measured is one host. */
  static final String INTERFACE = "lo";

  /** The loopback's address. */
  static final String INTERFACE_ADDRESS = "127.0.0.1";

  private static final int HIGH_BYTES = 0xFF00;
  private static final int LOW_BYTE = 0xFF;

  private Group() {}

  /** Its address; odd, since Aeron takes the even one above it for what receivers say. */
  static String address(Setup setup) {
    int high = (setup.port() & HIGH_BYTES) >> Byte.SIZE;
    return "239.77." + high + "." + ((setup.port() & LOW_BYTE) | 1);
  }
}
