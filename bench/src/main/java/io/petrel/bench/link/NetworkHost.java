package io.petrel.bench.link;

import io.petrel.bench.cli.CommandFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A network namespace without a name, so that nothing of it can stay behind: it lives as long as a
 * process in it, and the one that holds it open ends when this process does, however that happens,
 * since it reads from a pipe of ours.
 */
public final class NetworkHost implements AutoCloseable {
  private static final String READY = "ready";
  private static final String HOLD = "echo " + READY + "; exec cat > /dev/null";
  private static final String CONTROLLERS = "/proc/sys/net/ipv4/tcp_available_congestion_control";
  private static final long TIMEOUT_SECONDS = 10;

  private final String address;
  private final Process holder;
  private String device = "";
  private String peerAddress = "";

  private NetworkHost(String address, Process holder) {
    this.address = address;
    this.holder = holder;
  }

  /**
   * Makes one with nothing in it but a loopback device.
   *
   * @param address it will have on the link
   */
  static NetworkHost open(String address) throws IOException {
    Process holder =
        new ProcessBuilder("unshare", "--net", "sh", "-c", HOLD).redirectErrorStream(true).start();
    String first =
        new BufferedReader(new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8))
            .readLine();
    if (!READY.equals(first)) {
      holder.destroy();
      throw new IOException("cannot make a network namespace: " + first);
    }
    NetworkHost host = new NetworkHost(address, holder);
    host.run("ip", "link", "set", "lo", "up");
    // Nothing but what the ends send may cross the link.
    host.write("/proc/sys/net/ipv6/conf/all/disable_ipv6", "1");
    // What one connection learned of the path must not help or hamper the next.
    host.write("/proc/sys/net/ipv4/tcp_no_metrics_save", "1");
    return host;
  }

  /** Its address on the link. */
  public String address() {
    return address;
  }

  long pid() {
    return holder.pid();
  }

  /** What a command line begins with so that it runs there. */
  public List<String> launcher() {
    return List.of("nsenter", "--net=/proc/" + holder.pid() + "/ns/net");
  }

  /** Runs a command there and returns what it printed. */
  String run(String... command) throws IOException {
    List<String> line = new ArrayList<>(launcher());
    line.addAll(Arrays.asList(command));
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    try {
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException("'" + String.join(" ", command) + "' failed: " + output);
      }
      return output;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted", e);
    }
  }

  /** Gives it a device of ours and makes that its link. */
  void attach(String linkDevice, String linkPeerAddress) throws IOException {
    device = linkDevice;
    peerAddress = linkPeerAddress;
    run("ip", "address", "add", address, "peer", peerAddress, "dev", device);
    run("ip", "link", "set", device, "up", "txqueuelen", Integer.toString(LinkHosts.DEVICE_QUEUE));
  }

  private void write(String file, String value) throws IOException {
    run("sh", "-c", "echo " + value + " > " + file);
  }

  /**
   * Chooses the congestion control of its kernel's TCP for connections over the link that begin
   * from now on. The route says so: unlike the setting of a namespace, that may name any the kernel
   * has, not only those which the host allows to everybody.
   *
   * @return why not, or the empty string once the kernel says that it is so
   */
  public String useTcpController(String name) {
    try {
      List<String> available = words(run("cat", CONTROLLERS));
      if (!available.contains(name)) {
        return "this kernel's TCP has no " + name + ", only " + String.join(", ", available);
      }
      run("ip", "route", "replace", peerAddress, "dev", device, "congctl", name);
      String route = run("ip", "route", "show", peerAddress);
      return route.contains("congctl " + name) ? "" : "the route has no congctl: " + route;
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /**
   * What TCP connections there really use.
   *
   * @return the controllers' names, each once; empty when there is no connection or no {@code ss}
   */
  public List<String> tcpControllersInUse(List<String> known) {
    try {
      List<String> words = words(run("ss", "-tinH", "state", "established"));
      return known.stream().filter(words::contains).toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  /** Packets that its kernel dropped before the link could take them. */
  long deviceDrops() throws IOException {
    String[] lines = run("ip", "-s", "link", "show", "dev", device).split("\\R", -1);
    // The last line counts what was sent: bytes packets errors dropped ...
    return Long.parseLong(words(lines[lines.length - 1]).get(3));
  }

  private static List<String> words(String text) {
    return List.of(text.strip().split("\\s+", -1));
  }

  /** Lets the namespace go once nothing else runs in it. */
  @Override
  public void close() {
    holder.destroy();
  }
}
