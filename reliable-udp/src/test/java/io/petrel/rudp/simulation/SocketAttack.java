package io.petrel.rudp.simulation;

import io.petrel.codecs.wire.Integrity;
import io.petrel.rudp.acknowledgement.AckPolicy;
import io.petrel.rudp.endpoint.Totals.Total;
import io.petrel.rudp.handshake.Offer;
import io.petrel.transport.Context;
import io.petrel.transport.Listener;
import io.petrel.transport.Petrel;
import io.petrel.transport.Publication;
import io.petrel.transport.Session;
import io.petrel.transport.Subscription;
import io.petrel.transport.Threading;
import io.petrel.transport.datagram.DatagramPort;
import io.petrel.transport.datagram.DatagramPortOptions;
import io.petrel.transport.datagram.DatagramPorts;
import io.petrel.transport.datagram.EndpointAddress;
import io.petrel.transport.metrics.CountersReader;
import io.petrel.transport.metrics.MetricsDirectory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.agrona.collections.LongArrayList;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A real server on a real socket with two sessions: of a good client, which sends and is sent to,
 * and of a hostile one with a bare port, to which the server has much to send. All engines are
 * invoked, in the thread of the test.
 */
final class SocketAttack implements AutoCloseable {
  static final int RING = 64 * 1024;
  private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(120);
  private static final int SIZE = 64;
  private static final int BIG = 1_000;
  private static final int POLL_LIMIT = 64;

  /**
   * Both engines are invoked here: while one closes, nobody works the other, which it waits for.
   */
  private static final String LINGER = "50ms";

  private static final long HOSTILE_ID = 0x7e57_7e57_7e57L;

  final List<Throwable> errors = new ArrayList<>();
  final List<String> wrong = new ArrayList<>();
  final LongArrayList roundTripsNs = new LongArrayList();
  final HostilePeer peer;
  final Session hostile;
  final EndpointAddress server;
  private final List<HostilePeer> others = new ArrayList<>();
  private final Petrel engine;
  private final Petrel client;
  private final CountersReader counters;
  private final List<Session> accepted = new ArrayList<>();
  private final Subscription requests;
  private final Publication answers;
  private final Publication asks;
  private final Subscription heard;
  private final Publication toHostile;
  private final Subscription fromHostile;
  private final UnsafeBuffer message = new UnsafeBuffer(new byte[BIG]);
  private final Offer offer =
      new Offer(RING, 1_400, 64, Integrity.CRC32C, 10_000, AckPolicy.LONGEST_DELAY_NS);
  private final long[] before = new long[Total.values().length];
  private long asked;
  private long echoed;
  private long askedNs;
  boolean readsHostile = true;

  SocketAttack(Path dir) throws IOException {
    engine =
        Petrel.launch(
            new Context()
                .threading(Threading.INVOKER)
                .set("dir", dir.toString())
                .set("linger", LINGER)
                .errorHandler(errors::add));
    client = Petrel.launch(new Context().threading(Threading.INVOKER).set("linger", LINGER));
    Listener listener =
        engine.listen("rudp://127.0.0.1:0?ring=64KiB&integrity=crc32c", accepted::add);
    counters = CountersReader.open(MetricsDirectory.files(dir).getFirst());
    int port = ((InetSocketAddress) Objects.requireNonNull(listener.localAddress())).getPort();
    server = new EndpointAddress();
    server.setIpv4(0x7F00_0001, port);
    Session good = client.connect("rudp://127.0.0.1:" + port + "?ring=64KiB");
    until(() -> accepted.size() == 1 && good.isConnected());
    Session goodAccepted = accepted.getFirst();
    requests = goodAccepted.subscribe(1);
    answers = goodAccepted.publish(1, true);
    heard = good.subscribe(1);
    asks = good.publish(1, true);
    peer = newPeer(HOSTILE_ID);
    peer.sayHello();
    until(() -> peer.cookieLength > 0);
    peer.sayHello();
    until(() -> peer.sessionId != 0 && accepted.size() == 2);
    hostile = accepted.get(1);
    fromHostile = hostile.subscribe(0);
    toHostile = hostile.publish(0, true);
    peer.send(new Forgery().ping());
    until(() -> echoed > 2);
    metrics();
    for (Total total : Total.values()) {
      before[total.ordinal()] = total(total);
    }
  }

  /** Another bare port. */
  HostilePeer newPeer(long id) throws IOException {
    EndpointAddress near = new EndpointAddress();
    near.setIpv4(0x7F00_0001, 0);
    DatagramPort bare =
        DatagramPorts.choose("nio").open(new DatagramPortOptions().localAddress(near));
    HostilePeer added = new HostilePeer(bare, server, id, offer);
    others.add(added);
    return added;
  }

  /** A turn of everybody. */
  void turn() {
    engine.work();
    client.work();
    for (HostilePeer each : others) {
      each.work(System.nanoTime());
    }
    talk();
    if (toHostile != null && readsHostile) {
      fromHostile.poll((buffer, offset, length, header) -> {}, POLL_LIMIT);
    }
    if (toHostile != null) {
      toHostile.offer(message, 0, BIG);
    }
  }

  /** The good client's round trips, one at a time, each checked. */
  private void talk() {
    if (heard == null) {
      return;
    }
    requests.poll(
        (buffer, offset, length, header) -> answers.offer(buffer, offset, length), POLL_LIMIT);
    heard.poll(
        (buffer, offset, length, header) -> {
          if (buffer.getLong(offset) != echoed || length != SIZE) {
            wrong.add(buffer.getLong(offset) + " where " + echoed + " is due");
          }
          roundTripsNs.addLong(System.nanoTime() - askedNs);
          echoed++;
        },
        POLL_LIMIT);
    if (echoed == asked) {
      UnsafeBuffer request = new UnsafeBuffer(new byte[SIZE]);
      request.putLong(0, asked);
      askedNs = System.nanoTime();
      if (asks.offer(request, 0, SIZE) > 0) {
        asked++;
      }
    }
  }

  void turns(int count) {
    for (int i = 0; i < count; i++) {
      turn();
    }
  }

  /** Round trips of the good client since the beginning. */
  long echoed() {
    return echoed;
  }

  /** Turns until something has come about; says false when it does not in two minutes. */
  boolean until(BooleanSupplier done) {
    long startNs = System.nanoTime();
    while (!done.getAsBoolean()) {
      if (System.nanoTime() - startNs > LIMIT_NS) {
        return false;
      }
      turn();
    }
    return true;
  }

  /** Until what has been counted so far can be read: the good session is never still for long. */
  void metrics() {
    for (int i = 0; i < 2; i++) {
      long published = total(Total.DATAGRAMS_RECEIVED);
      until(() -> total(Total.DATAGRAMS_RECEIVED) != published);
    }
  }

  /** How much a total has grown since the attack began, as other processes see it. */
  long grown(Total total) {
    return total(total) - before[total.ordinal()];
  }

  private long total(Total total) {
    return counters.total("rudp " + total.label());
  }

  @Nullable Object end() {
    return hostile.isClosed() ? hostile.endReason() : null;
  }

  @Override
  public void close() {
    client.close();
    engine.close();
    others.forEach(each -> each.port.close());
  }
}
