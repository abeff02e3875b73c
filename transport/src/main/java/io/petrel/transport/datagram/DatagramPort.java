package io.petrel.transport.datagram;

import java.io.IOException;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Sends and receives datagrams, without ever blocking.
 *
 * <p>One thread at a time uses a port; {@link #close} may be called by any. Sends and receives
 * allocate nothing and throw nothing: a negative return is one of {@link DatagramResult}. What is
 * called rarely (open, promote, join) throws an {@link IOException} that names the address or
 * option.
 *
 * <p>A buffer in direct memory leaves as it is; one on the heap is copied first.
 */
public interface DatagramPort extends AutoCloseable {
  /** The most payload a UDP datagram can carry over IPv4: 65,535 less IP and UDP headers. */
  int MAX_DATAGRAM_LENGTH = 65_507;

  /** The address the port is bound to, with the port number the system chose. Not to be changed. */
  EndpointAddress localAddress();

  /** The peer of a connected port, else null. Not to be changed. */
  @Nullable EndpointAddress remoteAddress();

  /**
   * Sends one datagram to the peer of a connected port.
   *
   * @param length at least 1: an empty datagram may not go out (the JDK's channels drop it)
   * @return {@code length} when it was accepted, or a negative {@link DatagramResult}
   */
  int send(DirectBuffer buffer, int offset, int length);

  /**
   * Sends one datagram to the given address on a port that is not connected.
   *
   * @return {@code length} when it was accepted, or a negative {@link DatagramResult}
   */
  int send(DirectBuffer buffer, int offset, int length, EndpointAddress to);

  /**
   * Sends a train: datagrams of {@code segmentLength} bytes laid end to end, the last may be
   * shorter. In one system call where the kernel cuts it up, one by one elsewhere; the receiver
   * cannot tell.
   *
   * @param to null on a connected port, the destination on one that is not
   * @return the bytes accepted, a multiple of {@code segmentLength} unless it is all: send the rest
   *     later; or, when nothing was accepted, a negative {@link DatagramResult}
   */
  int sendTrain(
      DirectBuffer buffer, int offset, int length, int segmentLength, @Nullable EndpointAddress to);

  /**
   * Takes what has arrived and hands it over, datagram by datagram. A train that the limit cuts is
   * continued by the next call. An exception of the handler passes through; its datagram is used
   * up, the others are not.
   *
   * @param datagramLimit the most datagrams to take, counting empty and malformed ones, so that a
   *     flood of these cannot hold the caller
   * @return the datagrams taken; 0 when there was nothing; or, when there was nothing but an error
   *     to report, a negative {@link DatagramResult}: {@code REFUSED}, {@code CLOSED} or {@code
   *     FAILED}
   */
  int receive(DatagramHandler handler, int datagramLimit);

  /**
   * Opens a port with the same local address and options, connected to {@code peer}, beside this
   * one, which is not connected: from then on the peer's datagrams arrive at the new port, all
   * others still here. Datagrams of others that the new socket caught before it was connected are
   * handed on to this port's next {@link #receive}, those of the peer come from the new port.
   *
   * <p>To be used by the same thread as this one.
   *
   * @throws IOException when the system has no more sockets, or no route to the peer
   */
  DatagramPort promote(EndpointAddress peer) throws IOException;

  /**
   * Joins a multicast group.
   *
   * @param source null for any source, else the only sender wanted
   * @param networkInterface by name or by one of its addresses; null: the one in the options. It
   *     must be given in one of the two places, since without a default route the system finds none
   * @throws IOException when the interface does not exist or the system's limit of groups a socket
   *     or sources a group is reached (Linux: 20 and 10)
   */
  void join(
      EndpointAddress group, @Nullable EndpointAddress source, @Nullable String networkInterface)
      throws IOException;

  /**
   * Leaves a group that was joined with the same arguments.
   *
   * @throws IOException when it was not
   */
  void leave(
      EndpointAddress group, @Nullable EndpointAddress source, @Nullable String networkInterface)
      throws IOException;

  /** Live counts of this port. */
  DatagramStatistics statistics();

  /**
   * Datagrams the kernel has dropped for want of room in this port's receive buffer. Reads a file
   * of the system: for the control path, a few times a second.
   *
   * @return the count since the port was opened, or -1 where it cannot be known
   */
  long kernelDrops();

  /**
   * The number by which the system's table of sockets knows this one; for the control path.
   *
   * @return on Linux its inode; 0 where it cannot be known
   */
  default long socketId() {
    return 0;
  }

  /** Bytes of receive buffer the system granted, which may be less than was asked for. */
  int receiveBufferBytes();

  /** Bytes of send buffer the system granted, which may be less than was asked for. */
  int sendBufferBytes();

  /** Whether a train leaves by one system call, as far as is known now. */
  boolean segmentationOffload();

  /** The name of the kind of port this is: {@link DatagramPortFactory#name()}. */
  String kind();

  /** Whether {@link #close} was called. */
  boolean isClosed();

  /**
   * Gives the socket back. May be called by any thread and more than once; a send or receive that
   * another thread is in ends as if it came before, later ones return {@link
   * DatagramResult#CLOSED}. Datagrams received but not yet handed over are lost.
   */
  @Override
  void close();
}
