package io.petrel.transport.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A network device whose wire is this process: each IP packet that the kernel routes to it is one
 * {@link #read}, each {@link #write} one that it receives. It needs root and goes away when it is
 * closed or its process ends, however that ends, whatever namespace it was moved to.
 *
 * <p>Reads and writes return the bytes moved or the negated {@code errno}; neither blocks. One
 * thread at a time.
 */
public final class TunDevice implements AutoCloseable {
  private static final Path DEVICE = Path.of("/dev/net/tun");

  /** The kernel puts the first free number in place of the last two characters. */
  private static final String NAME_PATTERN = "petrel%d";

  private static final int O_RDWR = 2;
  private static final int O_NONBLOCK = 0x800;
  private static final int O_CLOEXEC = 0x80000;

  // <linux/if_tun.h>
  private static final long TUNSETIFF = 0x4004_54CAL;
  private static final short IFF_TUN = 0x0001;
  private static final short IFF_NO_PI = 0x1000;

  // struct ifreq of <linux/if.h>: the name, then a union.
  private static final int NAME_LENGTH = 16;
  private static final int FLAGS_OFFSET = NAME_LENGTH;
  private static final int REQUEST_LENGTH = 40;

  private final int descriptor;
  private final String name;
  private final MemorySegment errno;

  private TunDevice(int descriptor, String name, MemorySegment errno) {
    this.descriptor = descriptor;
    this.name = name;
    this.errno = errno;
  }

  /**
   * Makes a device in the network namespace of this process.
   *
   * @throws IOException when the system refuses, saying why
   */
  public static TunDevice open() throws IOException {
    MemorySegment errno = LinuxCalls.newErrno(Arena.ofAuto());
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment path = arena.allocateFrom(DEVICE.toString());
      int descriptor =
          (int) Calls.OPEN.invokeExact(errno, path.address(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
      if (descriptor < 0) {
        throw new IOException(
            "cannot open " + DEVICE + ": " + LinuxConstants.describe(LinuxCalls.errno(errno)));
      }
      UnsafeBuffer request =
          new UnsafeBuffer(arena.allocate(REQUEST_LENGTH).address(), REQUEST_LENGTH);
      request.putStringWithoutLengthAscii(0, NAME_PATTERN);
      request.putShort(FLAGS_OFFSET, (short) (IFF_TUN | IFF_NO_PI));
      if ((int) Calls.IOCTL.invokeExact(errno, descriptor, TUNSETIFF, request.addressOffset())
          < 0) {
        String reason = LinuxConstants.describe(LinuxCalls.errno(errno));
        close(errno, descriptor);
        throw new IOException("cannot make a TUN device: " + reason);
      }
      return new TunDevice(descriptor, nameIn(request), errno);
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw LinuxCalls.unexpected(e);
    }
  }

  private static String nameIn(UnsafeBuffer request) {
    int length = 0;
    while (length < NAME_LENGTH && request.getByte(length) != 0) {
      length++;
    }
    return request.getStringWithoutLengthAscii(0, length);
  }

  /**
   * Whether there is a device file to make one from; who may is another question.
   *
   * @return true if it exists
   */
  public static boolean isSupported() {
    return Files.exists(DEVICE);
  }

  /** What the system calls it. */
  public String name() {
    return name;
  }

  int descriptor() {
    return descriptor;
  }

  /**
   * Takes the next packet that was sent through the device.
   *
   * @param address of the memory that receives it
   * @param capacity of that memory; a longer packet is cut off
   */
  public int read(long address, int capacity) {
    return transfer(Calls.READ, address, capacity);
  }

  /**
   * Lets the kernel receive a packet.
   *
   * @param address of its first byte
   * @param length of it
   */
  public int write(long address, int length) {
    return transfer(Calls.WRITE, address, length);
  }

  private int transfer(MethodHandle call, long address, int length) {
    long moved;
    try {
      moved = (long) call.invokeExact(errno, descriptor, address, (long) length);
    } catch (Throwable e) {
      throw LinuxCalls.unexpected(e);
    }
    return moved < 0 ? -LinuxCalls.errno(errno) : (int) moved;
  }

  @Override
  public void close() {
    close(errno, descriptor);
  }

  private static void close(MemorySegment errno, int descriptor) {
    try {
      int ignored = (int) LinuxCalls.CLOSE.invokeExact(errno, descriptor);
    } catch (Throwable e) {
      throw LinuxCalls.unexpected(e);
    }
  }

  /** Waits until one of several devices has a packet to read. */
  public static final class Waiter {
    // struct pollfd and struct timespec
    private static final int POLL_LENGTH = 8;
    private static final int EVENTS_OFFSET = 4;
    private static final short POLLIN = 1;
    private static final int TIME_LENGTH = 16;
    private static final long NO_SIGNAL_MASK = 0;

    private final MemorySegment errno;
    private final UnsafeBuffer polled;
    private final UnsafeBuffer time;

    /**
     * Waits for these.
     *
     * @param devices open until the last wait is over
     */
    public Waiter(TunDevice... devices) {
      Arena arena = Arena.ofAuto();
      errno = LinuxCalls.newErrno(arena); // keeps the memory of its arena alive
      int length = POLL_LENGTH * devices.length;
      polled = new UnsafeBuffer(arena.allocate(length, Long.BYTES).address(), length);
      time = new UnsafeBuffer(arena.allocate(TIME_LENGTH, Long.BYTES).address(), TIME_LENGTH);
      for (int i = 0; i < devices.length; i++) {
        polled.putInt(i * POLL_LENGTH, devices[i].descriptor());
        polled.putShort(i * POLL_LENGTH + EVENTS_OFFSET, POLLIN);
      }
    }

    /**
     * Waits.
     *
     * @param timeoutNs the longest to wait
     * @return how many devices have something; 0 when none has in time
     */
    public int await(long timeoutNs) {
      time.putLong(0, timeoutNs / TimeUnit.SECONDS.toNanos(1));
      time.putLong(Long.BYTES, timeoutNs % TimeUnit.SECONDS.toNanos(1));
      try {
        return (int)
            Calls.PPOLL.invokeExact(
                errno,
                polled.addressOffset(),
                (long) (polled.capacity() / POLL_LENGTH),
                time.addressOffset(),
                NO_SIGNAL_MASK);
      } catch (Throwable e) {
        throw LinuxCalls.unexpected(e);
      }
    }
  }

  /** Linked at the first use, so that other systems can load the class above. */
  private static final class Calls {
    static final MethodHandle OPEN =
        LinuxCalls.link(
            "open",
            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    static final MethodHandle IOCTL =
        LinuxCalls.link(
            "ioctl",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG),
            Linker.Option.firstVariadicArg(2));
    static final MethodHandle READ =
        LinuxCalls.link("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG));
    static final MethodHandle WRITE =
        LinuxCalls.link("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG));
    static final MethodHandle PPOLL =
        LinuxCalls.link(
            "ppoll", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));

    private Calls() {}
  }
}
