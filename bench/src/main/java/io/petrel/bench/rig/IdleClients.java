package io.petrel.bench.rig;

import io.petrel.codecs.wire.Integrity;
import io.petrel.codecs.wire.RefuseReason;
import io.petrel.rudp.acknowledgement.AckPolicy;
import io.petrel.rudp.endpoint.Connecting;
import io.petrel.rudp.endpoint.EndpointListener;
import io.petrel.rudp.endpoint.EndpointSession;
import io.petrel.rudp.endpoint.EndpointSettings;
import io.petrel.rudp.endpoint.RudpEndpoint;
import io.petrel.rudp.handshake.Offer;
import io.petrel.rudp.handshake.Refusal;
import io.petrel.rudp.session.Session;
import io.petrel.transport.EndReason;
import io.petrel.transport.datagram.DatagramPortFactory;
import io.petrel.transport.datagram.DatagramPortOptions;
import io.petrel.transport.datagram.DatagramPorts;
import io.petrel.transport.datagram.EndpointAddress;
import io.petrel.transport.ring.ReceiveRing;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Thousands of sessions that say nothing but that they are there, over a few sockets, in a process
 * of their own. Answers {@code connected NANOSECONDS} and then does as it is told: {@code pause},
 * {@code go}, {@code quit}.
 */
final class IdleClients implements EndpointListener {
  private static final int SOCKETS = 8;
  private static final int HANDSHAKES_AT_ONCE = 8;
  private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(10);
  private static final int IDLE_TIMEOUT_MS = 120_000;
  private static final int SOCKET_BUFFER = 2 << 20;
  private static final long REST_NS = 200_000;

  private final int wanted;
  private final EndpointAddress server;
  private final List<RudpEndpoint> endpoints = new ArrayList<>();
  private final SecureRandom random = new SecureRandom();
  private int connected;
  private int ended;

  // Written by the control thread.
  private volatile boolean paused;
  private volatile boolean quit;

  private IdleClients(int port, int wanted, long keepaliveNs) throws IOException {
    this.wanted = wanted;
    this.server = new EndpointAddress();
    server.setIpv4(0x7F00_0001, port);
    EndpointSettings settings =
        EndpointSettings.defaults("cubic")
            .withOffer(
                new Offer(
                    EndpointSettings.DEFAULT_RING,
                    EndpointSettings.DEFAULT_DATAGRAM,
                    EndpointSettings.MOST_STREAMS,
                    Integrity.NONE,
                    IDLE_TIMEOUT_MS,
                    AckPolicy.LONGEST_DELAY_NS))
            .withTimes(keepaliveNs, TIMEOUT_NS, TIMEOUT_NS)
            .withSessions(wanted, 0);
    DatagramPortFactory ports = DatagramPorts.choose(DatagramPorts.FASTEST);
    for (int i = 0; i < SOCKETS; i++) {
      EndpointAddress near = new EndpointAddress();
      near.setIpv4(0x7F00_0001, 0);
      DatagramPortOptions options =
          new DatagramPortOptions()
              .localAddress(near)
              .receiveBufferBytes(SOCKET_BUFFER)
              .sendBufferBytes(SOCKET_BUFFER);
      endpoints.add(
          new RudpEndpoint(
              System.nanoTime(),
              ports.open(options),
              settings,
              false,
              random.nextLong(),
              random::nextLong,
              this));
    }
  }

  /** Arguments: the server's port, how many sessions, the nanoseconds between two keepalives. */
  public static void main(String[] arguments) throws IOException {
    IdleClients clients =
        new IdleClients(
            Integer.parseInt(arguments[0]),
            Integer.parseInt(arguments[1]),
            Long.parseLong(arguments[2]));
    clients.run();
  }

  private void run() {
    Thread.ofPlatform().daemon().name("control").start(this::readCommands);
    long startNs = System.nanoTime();
    int asked = 0;
    while (connected < wanted && !quit) {
      while (asked < wanted && asked - connected < HANDSHAKES_AT_ONCE * SOCKETS) {
        endpoints.get(asked++ % SOCKETS).connect(System.nanoTime(), server, 0);
      }
      work();
    }
    answer("connected " + (System.nanoTime() - startNs));
    boolean told = false;
    while (!quit) {
      if (paused != told) {
        told = paused;
        answer(told ? "paused " + ended : "going " + ended);
      }
      if (!told) {
        work();
      }
      LockSupport.parkNanos(REST_NS);
    }
  }

  private void work() {
    long nowNs = System.nanoTime();
    for (RudpEndpoint endpoint : endpoints) {
      endpoint.work(nowNs);
    }
  }

  private void readCommands() {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        switch (line) {
          case "pause" -> paused = true;
          case "go" -> paused = false;
          default -> quit = true;
        }
      }
    } catch (IOException e) {
      answer("error " + e.getMessage());
    }
    quit = true;
  }

  private static void answer(String line) {
    System.out.println("@" + line);
    System.out.flush();
  }

  @Override
  public void onSession(EndpointSession session) {
    connected++;
  }

  @Override
  public void onNotConnected(Connecting connecting, @Nullable Refusal refusal) {
    answer("refused " + (refusal == null ? "no answer" : refusal.explain()));
    quit = true;
  }

  @Override
  public void onEnd(Session session, EndReason reason) {
    ended++;
  }

  @Override
  public boolean mayRest(EndpointSession session) {
    return true; // nobody ever writes
  }

  @Override
  public @Nullable RefuseReason onHello(EndpointAddress from, int streamId) {
    return RefuseReason.NOT_ALLOWED;
  }

  @Override
  public @Nullable ReceiveRing openReceive(Session session, int streamId) {
    return null;
  }

  @Override
  public void onReceiveEnd(Session session, int streamId) {
    // No stream is ever opened.
  }

  @Override
  public void onSendEnd(Session session, int streamId, boolean delivered) {
    // Likewise.
  }

  @Override
  public void onGone(EndpointSession session, EndReason reason) {
    // Counted at its end.
  }
}
