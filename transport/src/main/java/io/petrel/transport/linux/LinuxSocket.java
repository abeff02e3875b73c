package io.petrel.transport.linux;

import static io.petrel.transport.linux.LinuxConstants.AF_INET;
import static io.petrel.transport.linux.LinuxConstants.AF_INET6;
import static io.petrel.transport.linux.LinuxConstants.SOCK_CLOEXEC;
import static io.petrel.transport.linux.LinuxConstants.SOCK_DGRAM;
import static io.petrel.transport.linux.LinuxConstants.SOCK_NONBLOCK;

import io.petrel.transport.datagram.EndpointAddress;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.BindException;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A non-blocking UDP socket with nothing around it: each method is one system call on plain memory
 * addresses. The native port stands on it, and what is measured against "the raw socket" uses it
 * directly.
 *
 * <p>Transfers return the bytes moved or the negated {@code errno}. One thread at a time; in
 * particular nobody may be in a call when {@link #close} is called, since the kernel gives the
 * descriptor's number to the next file that is opened.
 */
public class LinuxSocket implements AutoCloseable {
  private static final int SCRATCH_LENGTH = 512;
  private static final int LENGTH_OFFSET = SocketAddressCodec.MAX_LENGTH;
  private static final int CACHE_LINE_BYTES = 64;

  private final int descriptor;
  private final boolean ipv6;

  /**
   * Keeps the memory of its arena, {@link #scratch} included, for as long as a call is under way.
   */
  private final MemorySegment errno;

  /** Addresses and option values on their way to and from the kernel. */
  private final UnsafeBuffer scratch;

  private final long scratchAddress;

  /**
   * Opens a socket.
   *
   * @param family {@link EndpointAddress#IPV4} or {@link EndpointAddress#IPV6}
   */
  public LinuxSocket(int family) throws IOException {
    ipv6 = family == EndpointAddress.IPV6;
    Arena arena = Arena.ofAuto();
    errno = LinuxCalls.newErrno(arena);
    scratchAddress = arena.allocate(SCRATCH_LENGTH, CACHE_LINE_BYTES).address();
    scratch = new UnsafeBuffer(scratchAddress, SCRATCH_LENGTH);
    int type = SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
    try {
      descriptor = (int) LinuxCalls.SOCKET.invokeExact(errno, ipv6 ? AF_INET6 : AF_INET, type, 0);
    } catch (Throwable e) {
      throw LinuxCalls.unexpected(e);
    }
    if (descriptor < 0) {
      throw new IOException("cannot open a socket: " + lastError());
    }
  }

  /** The file descriptor. */
  public final int descriptor() {
    return descriptor;
  }

  /** Whether it is an IPv6 socket, which may serve IPv4 as well. */
  public final boolean isIpv6() {
    return ipv6;
  }

  /** The family it was opened for. */
  public final int family() {
    return ipv6 ? EndpointAddress.IPV6 : EndpointAddress.IPV4;
  }

  /** Binds to a local address; port 0 lets the system choose. */
  public final void bind(EndpointAddress address) throws IOException {
    int length = SocketAddressCodec.write(scratch, 0, address, ipv6);
    int result;
    try {
      result = (int) LinuxCalls.BIND.invokeExact(errno, descriptor, scratchAddress, length);
    } catch (Throwable e) {
      throw LinuxCalls.unexpected(e);
    }
    if (result < 0) {
      throw new BindException("cannot bind to " + address + ": " + lastError());
    }
  }

  /** Makes the given address the only one to send to and hear from. */
  public final void connect(EndpointAddress address) throws IOException {
    int length = SocketAddressCodec.write(scratch, 0, address, ipv6);
    int result;
    try {
      result = (int) LinuxCalls.CONNECT.invokeExact(errno, descriptor, scratchAddress, length);
    } catch (Throwable e) {
      throw LinuxCalls.unexpected(e);
    }
    if (result < 0) {
      throw new IOException("cannot connect to " + address + ": " + lastError());
    }
  }

  /** The address it is bound to. */
  public final EndpointAddress localAddress() throws IOException {
    scratch.putInt(LENGTH_OFFSET, SocketAddressCodec.MAX_LENGTH);
    int result;
    try {
      result =
          (int)
              LinuxCalls.GETSOCKNAME.invokeExact(
                  errno, descriptor, scratchAddress, scratchAddress + LENGTH_OFFSET);
    } catch (Throwable e) {
      throw LinuxCalls.unexpected(e);
    }
    if (result < 0) {
      throw new IOException("cannot read the socket's address: " + lastError());
    }
    EndpointAddress address = new EndpointAddress();
    SocketAddressCodec.read(scratch, 0, address);
    return address;
  }

  /**
   * Sets an option that is an int.
   *
   * @param what the option's name, for the message
   */
  public final void setOption(String what, int level, int name, int value) throws IOException {
    int error = trySetOption(level, name, value);
    if (error != 0) {
      throw new IOException(
          "cannot set " + what + " to " + value + ": " + LinuxConstants.describe(error));
    }
  }

  /** Sets an option that is an int, and returns 0 or the {@code errno}. */
  public int trySetOption(int level, int name, int value) {
    scratch.putInt(0, value);
    return setOption(level, name, scratchAddress, Integer.BYTES);
  }

  /** Sets an option that is an int and cannot be refused; allocates nothing, compiled or not. */
  void setOptionPlain(int level, int name, int value) {
    scratch.putInt(0, value);
    try {
      int ignored =
          (int)
              LinuxCalls.SETSOCKOPT_PLAIN.invokeExact(
                  descriptor, level, name, scratchAddress, Integer.BYTES);
    } catch (Throwable e) {
      throw LinuxCalls.unexpected(e);
    }
  }

  /** Sets an option that is a structure, and returns 0 or the {@code errno}. */
  public final int trySetOption(int level, int name, DirectBuffer value, int length) {
    scratch.putBytes(0, value, 0, length);
    return setOption(level, name, scratchAddress, length);
  }

  private int setOption(int level, int name, long address, int length) {
    int result;
    try {
      result =
          (int) LinuxCalls.SETSOCKOPT.invokeExact(errno, descriptor, level, name, address, length);
    } catch (Throwable e) {
      throw LinuxCalls.unexpected(e);
    }
    return result < 0 ? LinuxCalls.errno(errno) : 0;
  }

  /**
   * Reads an option that is an int.
   *
   * @param what the option's name, for the message
   */
  public final int option(String what, int level, int name) throws IOException {
    scratch.putInt(LENGTH_OFFSET, Integer.BYTES);
    scratch.putInt(0, 0);
    int result;
    try {
      result =
          (int)
              LinuxCalls.GETSOCKOPT.invokeExact(
                  errno, descriptor, level, name, scratchAddress, scratchAddress + LENGTH_OFFSET);
    } catch (Throwable e) {
      throw LinuxCalls.unexpected(e);
    }
    if (result < 0) {
      throw new IOException("cannot read " + what + ": " + lastError());
    }
    return scratch.getInt(0);
  }

  /** Sends to the connected peer. */
  public int send(long address, int length) {
    try {
      long sent = (long) LinuxCalls.SEND.invokeExact(errno, descriptor, address, (long) length, 0);
      return sent >= 0 ? (int) sent : -LinuxCalls.errno(errno);
    } catch (Throwable e) {
      throw LinuxCalls.unexpected(e);
    }
  }

  /** Sends to the given address. */
  public int sendTo(long address, int length, EndpointAddress to) {
    int toLength = SocketAddressCodec.write(scratch, 0, to, ipv6);
    try {
      long sent =
          (long)
              LinuxCalls.SENDTO.invokeExact(
                  errno, descriptor, address, (long) length, 0, scratchAddress, toLength);
      return sent >= 0 ? (int) sent : -LinuxCalls.errno(errno);
    } catch (Throwable e) {
      throw LinuxCalls.unexpected(e);
    }
  }

  /** Receives what the kernel hands over by one call: a datagram or, with UDP_GRO, a train. */
  public int receive(long address, int capacity) {
    try {
      long received =
          (long) LinuxCalls.RECV.invokeExact(errno, descriptor, address, (long) capacity, 0);
      return received >= 0 ? (int) received : -LinuxCalls.errno(errno);
    } catch (Throwable e) {
      throw LinuxCalls.unexpected(e);
    }
  }

  /** Receives like {@link #receive} and says from whom. */
  public int receiveFrom(long address, int capacity, EndpointAddress source) {
    scratch.putInt(LENGTH_OFFSET, SocketAddressCodec.MAX_LENGTH);
    long received;
    try {
      received =
          (long)
              LinuxCalls.RECVFROM.invokeExact(
                  errno,
                  descriptor,
                  address,
                  (long) capacity,
                  0,
                  scratchAddress,
                  scratchAddress + LENGTH_OFFSET);
    } catch (Throwable e) {
      throw LinuxCalls.unexpected(e);
    }
    if (received < 0) {
      return -LinuxCalls.errno(errno);
    }
    SocketAddressCodec.read(scratch, 0, source);
    return (int) received;
  }

  private String lastError() {
    return LinuxConstants.describe(LinuxCalls.errno(errno));
  }

  /** Gives the descriptor back. Call it once. */
  @Override
  public void close() {
    int result;
    try {
      result = (int) LinuxCalls.CLOSE.invokeExact(errno, descriptor);
    } catch (Throwable e) {
      throw LinuxCalls.unexpected(e);
    }
    assert result == 0 : "closing descriptor " + descriptor + ": " + lastError();
  }
}
