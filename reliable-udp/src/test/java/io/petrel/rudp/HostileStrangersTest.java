package io.petrel.rudp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.codecs.Checksum;
import io.petrel.codecs.DatagramHeader;
import io.petrel.codecs.FrameHeader;
import io.petrel.codecs.wire.CloseFrameEncoder;
import io.petrel.codecs.wire.CloseMode;
import io.petrel.codecs.wire.CloseReason;
import io.petrel.codecs.wire.Integrity;
import io.petrel.rudp.endpoint.Totals.Total;
import io.petrel.rudp.handshake.HandshakeDatagrams;
import io.petrel.rudp.handshake.Hello;
import io.petrel.rudp.handshake.Offer;
import io.petrel.transport.Context;
import io.petrel.transport.Petrel;
import io.petrel.transport.Publication;
import io.petrel.transport.Subscription;
import io.petrel.transport.Threading;
import io.petrel.transport.metrics.CountersReader;
import io.petrel.transport.metrics.MetricsDirectory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real sockets: strangers send a server what they like while somebody uses it. */
class HostileStrangersTest {
  private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(120);
  private static final int MESSAGES = 3_000;
  private static final int LENGTH = 100;
  private static final int STRANGERS = 20;
  private static final byte[] NO_COOKIE = {};

  @TempDir private Path dir;

  private final SplittableRandom random = new SplittableRandom(1);
  private final HandshakeDatagrams handshake = new HandshakeDatagrams();
  private final Checksum checksum = new Checksum();
  private final List<DatagramChannel> strangers = new ArrayList<>();
  private final List<Throwable> errors = new ArrayList<>();
  private final List<String> wrong = new ArrayList<>();
  private long next;

  @Test
  void areCountedAndHarmNobody() throws IOException {
    Context context =
        new Context()
            .threading(Threading.INVOKER)
            .set("dir", dir.resolve("server").toString())
            .errorHandler(errors::add);
    try (Petrel server = Petrel.launch(context);
        Petrel client = Petrel.launch(new Context().threading(Threading.INVOKER));
        Subscription subscription = server.subscribe("rudp://127.0.0.1:0?stream=1")) {
      InetSocketAddress address =
          (InetSocketAddress) Objects.requireNonNull(subscription.localAddress());
      CountersReader counters =
          CountersReader.open(MetricsDirectory.files(dir.resolve("server")).getFirst());
      for (int i = 0; i < STRANGERS; i++) {
        strangers.add(DatagramChannel.open());
      }
      long startNs = System.nanoTime();
      try (Publication publication =
          client.publish("rudp://127.0.0.1:" + address.getPort() + "?stream=1")) {
        UnsafeBuffer message = new UnsafeBuffer(new byte[LENGTH]);
        long offered = 0;
        while (next < MESSAGES || !isAllCounted(counters)) {
          message.putLong(0, offered);
          if (offered < MESSAGES && publication.offer(message, 0, LENGTH) > 0) {
            offered++;
          }
          disturb(address);
          client.work();
          server.work();
          subscription.poll(
              (buffer, offset, length, header) -> {
                if (buffer.getLong(offset) != next || length != LENGTH) {
                  wrong.add(buffer.getLong(offset) + " where " + next + " is due");
                }
                next++;
              },
              64);
          assertTrue(
              System.nanoTime() - startNs < DEADLINE_NS,
              () -> next + " messages came; " + counters.totals());
        }
        assertTrue(publication.isConnected());
      }
      assertEquals(1, total(counters, Total.ACCEPTED));
    } finally {
      for (DatagramChannel stranger : strangers) {
        stranger.close();
      }
    }
    assertEquals(List.of(), wrong);
    assertEquals(List.of(), errors);
  }

  private static boolean isAllCounted(CountersReader counters) {
    return total(counters, Total.REJECTED) > 0
        && total(counters, Total.RETRIES) > 0
        && total(counters, Total.UNKNOWN_SESSIONS) > 0;
  }

  /** One datagram: empty, noise of any length, a hello that will not be followed up, a close. */
  private void disturb(InetSocketAddress server) throws IOException {
    DatagramChannel stranger = strangers.get(random.nextInt(STRANGERS));
    switch (random.nextInt(4)) {
      case 0 -> stranger.send(ByteBuffer.allocate(0), server);
      case 1 -> {
        byte[] noise = new byte[1 + random.nextInt(random.nextInt(1, 20_000))];
        random.nextBytes(noise);
        stranger.send(ByteBuffer.wrap(noise), server);
      }
      case 2 -> {
        Offer offer = new Offer(1 << 16, 1_400, 4, Integrity.CRC32C, 10_000, 1_000_000);
        Hello hello = new Hello(random.nextLong() | 1, random.nextLong(), 1, offer);
        handshake.writeHello(0, hello, new UnsafeBuffer(NO_COOKIE), 0);
        send(stranger, handshake.buffer(), handshake.length(), server);
      }
      default -> {
        UnsafeBuffer close = new UnsafeBuffer(new byte[100]);
        send(stranger, close, writeClose(close), server);
      }
    }
  }

  private int writeClose(UnsafeBuffer buffer) {
    int body = DatagramHeader.LENGTH + FrameHeader.LENGTH;
    CloseFrameEncoder close = new CloseFrameEncoder().wrap(buffer, body);
    close.mode(CloseMode.ABORTIVE).reason(CloseReason.APPLICATION).code(0).streamsCount(0);
    int end = close.limit();
    long frame =
        FrameHeader.of(
            CloseFrameEncoder.TEMPLATE_ID,
            CloseFrameEncoder.BLOCK_LENGTH,
            CloseFrameEncoder.SCHEMA_VERSION,
            0);
    FrameHeader.write(buffer, DatagramHeader.LENGTH, frame, end - DatagramHeader.LENGTH);
    int length = end + DatagramHeader.CHECKSUM_LENGTH;
    DatagramHeader.write(
        buffer, 0, random.nextLong() | 1, 5, 5, length, DatagramHeader.FLAG_CHECKSUM);
    checksum.close(buffer, 0, length);
    return length;
  }

  private static void send(
      DatagramChannel from, DirectBuffer buffer, int length, InetSocketAddress to)
      throws IOException {
    byte[] copy = new byte[length];
    buffer.getBytes(0, copy);
    from.send(ByteBuffer.wrap(copy), to);
  }

  private static long total(CountersReader counters, Total total) {
    return counters.total("rudp " + total.label());
  }
}
