package io.petrel.bench.link;

import io.petrel.bench.cli.CommandFailure;
import io.petrel.transport.linux.TunDevice;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Two hosts of one machine and the link between them: an emulated one, or a plain one to compare
 * with.
 *
 * <pre>
 *   namespace            this process            namespace
 *   10.77.0.1 -- TUN --- read -> emulator -> write --- TUN -- 10.77.0.2
 *
 *   10.77.0.1 -- veth ---------------------------------- veth -- 10.77.0.2      (plain)
 * </pre>
 *
 * Devices and namespaces have no life of their own: all are gone when this process is.
 */
public final class LinkHosts implements AutoCloseable {
  /** Packets that may wait for the emulator to read them: half a second of 20,000 a second. */
  static final int DEVICE_QUEUE = 10_000;

  private static final String FIRST_ADDRESS = "10.77.0.1";
  private static final String SECOND_ADDRESS = "10.77.0.2";
  private static final String PLAIN_DEVICE = "plain0";

  private final NetworkHost first;
  private final NetworkHost second;
  private final @Nullable TunDevice firstDevice;
  private final @Nullable TunDevice secondDevice;

  private LinkHosts(
      NetworkHost first,
      NetworkHost second,
      @Nullable TunDevice firstDevice,
      @Nullable TunDevice secondDevice) {
    this.first = first;
    this.second = second;
    this.firstDevice = firstDevice;
    this.secondDevice = secondDevice;
  }

  /**
   * Makes both hosts.
   *
   * @param plain true for a pair of virtual Ethernet devices, which no emulator touches
   * @throws CommandFailure when this machine does not allow it, saying what does without
   */
  public static LinkHosts open(boolean plain) {
    if (!TunDevice.isSupported()) {
      throw refusal("there is no /dev/net/tun");
    }
    NetworkHost first = null;
    NetworkHost second = null;
    TunDevice firstDevice = null;
    TunDevice secondDevice = null;
    try {
      first = NetworkHost.open(FIRST_ADDRESS);
      second = NetworkHost.open(SECOND_ADDRESS);
      if (plain) {
        join(first, second);
      } else {
        firstDevice = TunDevice.open();
        secondDevice = TunDevice.open();
        move(firstDevice.name(), first);
        move(secondDevice.name(), second);
        first.attach(firstDevice.name(), SECOND_ADDRESS);
        second.attach(secondDevice.name(), FIRST_ADDRESS);
      }
      return new LinkHosts(first, second, firstDevice, secondDevice);
    } catch (IOException e) {
      close(firstDevice);
      close(secondDevice);
      close(first);
      close(second);
      throw refusal(String.valueOf(e.getMessage()));
    }
  }

  /** What is said where the machine does not allow a link. */
  public static CommandFailure refusal(String reason) {
    return new CommandFailure(
        "an impaired link needs root (try: sudo ./petrel ...), /dev/net/tun and the programs ip,"
            + " unshare and nsenter ("
            + reason
            + "); 'petrel sim rudp --loss 1% --delay 10ms --rate 100mbit' needs none of them");
  }

  private static void move(String device, NetworkHost host) throws IOException {
    Process process =
        new ProcessBuilder("ip", "link", "set", device, "netns", Long.toString(host.pid()))
            .inheritIO()
            .start();
    try {
      if (process.waitFor() != 0) {
        throw new IOException("cannot move " + device + " into a namespace");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted", e);
    }
  }

  private static void join(NetworkHost first, NetworkHost second) throws IOException {
    first.run(
        "ip",
        "link",
        "add",
        PLAIN_DEVICE,
        "type",
        "veth",
        "peer",
        "name",
        PLAIN_DEVICE,
        "netns",
        Long.toString(second.pid()));
    first.attach(PLAIN_DEVICE, SECOND_ADDRESS);
    second.attach(PLAIN_DEVICE, FIRST_ADDRESS);
  }

  /** Where the data comes from. */
  public NetworkHost first() {
    return first;
  }

  /** Where it goes to. */
  public NetworkHost second() {
    return second;
  }

  /**
   * Lets packets pass from now on.
   *
   * @param options what befalls them
   * @param seed of all that is random
   * @return to be closed before another begins; null on a plain link, which always lets them pass
   */
  public @Nullable Emulator emulate(LinkOptions options, long seed) {
    if (firstDevice == null || secondDevice == null) {
      return null;
    }
    return new Emulator(firstDevice, secondDevice, options, seed);
  }

  /** Packets that the devices dropped since they were made, as the emulator did not keep up. */
  public long deviceDrops() {
    if (firstDevice == null || secondDevice == null) {
      return 0;
    }
    try {
      return first.deviceDrops() + second.deviceDrops();
    } catch (IOException e) {
      throw new CommandFailure("cannot read the drops of the link's devices: " + e.getMessage(), e);
    }
  }

  /** Ends whatever is left of both hosts and of the link. */
  @Override
  public void close() {
    close(firstDevice);
    close(secondDevice);
    List.of(first, second).forEach(NetworkHost::close);
  }

  private static void close(@Nullable TunDevice device) {
    if (device != null) {
      device.close();
    }
  }

  private static void close(@Nullable NetworkHost host) {
    if (host != null) {
      host.close();
    }
  }
}
