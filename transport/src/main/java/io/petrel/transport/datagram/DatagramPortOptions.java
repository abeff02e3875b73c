package io.petrel.transport.datagram;

import org.jspecify.annotations.Nullable;

/**
 * How a port is to be opened. Each option is set by the method that is named like its reader and
 * returns this object; a port copies what it needs when it is opened.
 */
public final class DatagramPortOptions implements Cloneable {
  /** Leaves an option to the system. */
  public static final int SYSTEM_DEFAULT = -1;

  private static final int DEFAULT_BUFFER_BYTES = 2 * 1024 * 1024;
  private static final int MAX_DSCP = 63;
  private static final int MAX_TIME_TO_LIVE = 255;

  private EndpointAddress localAddress = new EndpointAddress().setIpv4(0, 0);
  private @Nullable EndpointAddress remoteAddress;
  private DatagramFraming framing = DatagramFraming.PETREL;
  private boolean segmentationOffload = true;
  private boolean receiveOffload = true;
  private int receiveBufferBytes = DEFAULT_BUFFER_BYTES;
  private int sendBufferBytes = DEFAULT_BUFFER_BYTES;
  private boolean fragmentationForbidden;
  private int dscp;
  private int busyPollMicros;
  private int timeToLive = SYSTEM_DEFAULT;
  private int multicastTimeToLive = SYSTEM_DEFAULT;
  private boolean multicastLoopback = true;
  private @Nullable String multicastInterface;
  private boolean addressShared;
  private boolean onlyIpv6;

  /** All options at their defaults: any local IPv4 address, a port of the system's choice. */
  public DatagramPortOptions() {}

  /** The address to bind to; port 0 lets the system choose. */
  public EndpointAddress localAddress() {
    return localAddress;
  }

  /** Sets the address to bind to. A multicast receiver binds to its group. */
  public DatagramPortOptions localAddress(EndpointAddress address) {
    localAddress = address.copy();
    return this;
  }

  /** The only peer, or null for a port that talks to anybody. */
  public @Nullable EndpointAddress remoteAddress() {
    return remoteAddress;
  }

  /** Connects the port to its only peer, which makes sending cheaper and keeps others out. */
  public DatagramPortOptions remoteAddress(@Nullable EndpointAddress address) {
    remoteAddress = address == null ? null : address.copy();
    return this;
  }

  /** How datagrams that arrive glued together are told apart. */
  public DatagramFraming framing() {
    return framing;
  }

  /** Sets how datagrams that arrive glued together are told apart. */
  public DatagramPortOptions framing(DatagramFraming framing) {
    this.framing = framing;
    return this;
  }

  /** Whether trains are to leave by one system call where the kernel can. */
  public boolean segmentationOffload() {
    return segmentationOffload;
  }

  /** Allows or forbids UDP_SEGMENT. */
  public DatagramPortOptions segmentationOffload(boolean allowed) {
    segmentationOffload = allowed;
    return this;
  }

  /** Whether the kernel may hand over several datagrams by one system call. */
  public boolean receiveOffload() {
    return receiveOffload;
  }

  /** Allows or forbids UDP_GRO. */
  public DatagramPortOptions receiveOffload(boolean allowed) {
    receiveOffload = allowed;
    return this;
  }

  /** Bytes of receive buffer to ask for. */
  public int receiveBufferBytes() {
    return receiveBufferBytes;
  }

  /** Asks for a receive buffer; the system may grant less ({@code net.core.rmem_max}). */
  public DatagramPortOptions receiveBufferBytes(int bytes) {
    receiveBufferBytes = atLeast("receiveBufferBytes", bytes, SYSTEM_DEFAULT);
    return this;
  }

  /** Bytes of send buffer to ask for. */
  public int sendBufferBytes() {
    return sendBufferBytes;
  }

  /** Asks for a send buffer; the system may grant less ({@code net.core.wmem_max}). */
  public DatagramPortOptions sendBufferBytes(int bytes) {
    sendBufferBytes = atLeast("sendBufferBytes", bytes, SYSTEM_DEFAULT);
    return this;
  }

  /** Whether a datagram larger than the path takes is turned away rather than cut up. */
  public boolean fragmentationForbidden() {
    return fragmentationForbidden;
  }

  /**
   * Sets the don't-fragment bit, so that the path's datagram size can be found out; the kernel's
   * own idea of it is not consulted.
   */
  public DatagramPortOptions fragmentationForbidden(boolean forbidden) {
    fragmentationForbidden = forbidden;
    return this;
  }

  /** The differentiated-services code point, 0 to 63. */
  public int dscp() {
    return dscp;
  }

  /** Marks what is sent with a differentiated-services code point, 0 (none) to 63. */
  public DatagramPortOptions dscp(int codePoint) {
    dscp = inRange("dscp", codePoint, 0, MAX_DSCP);
    return this;
  }

  /** Microseconds the kernel may poll the device for a receive; 0: none. */
  public int busyPollMicros() {
    return busyPollMicros;
  }

  /**
   * Lets a receive poll the network device (SO_BUSY_POLL); more than the system's needs a right.
   */
  public DatagramPortOptions busyPollMicros(int micros) {
    busyPollMicros = atLeast("busyPollMicros", micros, 0);
    return this;
  }

  /** Hops that a datagram to one receiver may take, or {@link #SYSTEM_DEFAULT}. */
  public int timeToLive() {
    return timeToLive;
  }

  /** Sets the hops that a datagram to one receiver may take, 1 to 255. */
  public DatagramPortOptions timeToLive(int hops) {
    timeToLive = inRange("timeToLive", hops, SYSTEM_DEFAULT, MAX_TIME_TO_LIVE);
    return this;
  }

  /** Hops that a datagram to a group may take, or {@link #SYSTEM_DEFAULT}, which is 1. */
  public int multicastTimeToLive() {
    return multicastTimeToLive;
  }

  /** Sets the hops that a datagram to a group may take: 0 stays on this machine, 1 on the link. */
  public DatagramPortOptions multicastTimeToLive(int hops) {
    multicastTimeToLive = inRange("multicastTimeToLive", hops, SYSTEM_DEFAULT, MAX_TIME_TO_LIVE);
    return this;
  }

  /** Whether members of the group on this machine get what this port sends to it. */
  public boolean multicastLoopback() {
    return multicastLoopback;
  }

  /** Sets whether members of the group on this machine get what this port sends to it. */
  public DatagramPortOptions multicastLoopback(boolean loopback) {
    multicastLoopback = loopback;
    return this;
  }

  /** The interface to send to groups by and to join them at, by name or address. */
  public @Nullable String multicastInterface() {
    return multicastInterface;
  }

  /** Sets the interface for groups, by name or by one of its addresses. */
  public DatagramPortOptions multicastInterface(@Nullable String nameOrAddress) {
    multicastInterface = nameOrAddress;
    return this;
  }

  /** Whether other sockets may be bound to the same address at the same time. */
  public boolean addressShared() {
    return addressShared;
  }

  /** Lets several members of a group on one machine be bound to it (SO_REUSEADDR). */
  public DatagramPortOptions addressShared(boolean shared) {
    addressShared = shared;
    return this;
  }

  /** Whether a port bound to the IPv6 wildcard leaves IPv4 alone. */
  public boolean onlyIpv6() {
    return onlyIpv6;
  }

  /** Keeps a port bound to the IPv6 wildcard from serving IPv4 as well. */
  public DatagramPortOptions onlyIpv6(boolean only) {
    onlyIpv6 = only;
    return this;
  }

  /** Options that can be changed without these noticing. */
  public DatagramPortOptions copy() {
    try {
      // The addresses were copied when they were set and are never changed here.
      return (DatagramPortOptions) super.clone();
    } catch (CloneNotSupportedException e) {
      throw new AssertionError("this class is Cloneable", e);
    }
  }

  private static int atLeast(String option, int value, int least) {
    return inRange(option, value, least, Integer.MAX_VALUE);
  }

  private static int inRange(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          option + " must be from " + least + " to " + most + ", not " + value);
    }
    return value;
  }
}
