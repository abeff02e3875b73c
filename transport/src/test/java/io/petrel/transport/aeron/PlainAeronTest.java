package io.petrel.transport.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.Aeron;
import io.aeron.FragmentAssembler;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.petrel.transport.ConfigurationException;
import io.petrel.transport.Context;
import io.petrel.transport.EndReason;
import io.petrel.transport.Petrel;
import io.petrel.transport.PetrelException;
import io.petrel.transport.Publication;
import io.petrel.transport.SessionEvents;
import io.petrel.transport.SessionInfo;
import io.petrel.transport.Subscription;
import io.petrel.transport.Threading;
import io.petrel.transport.spi.TransportProvider;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.YieldingIdleStrategy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plain Aeron client, on a media driver of its own, at the other end. */
class PlainAeronTest {
  private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(60);
  private static final IdleStrategy YIELD = new YieldingIdleStrategy();
  private static final int STREAM = 1001;
  private static final int MESSAGES = 500;
  private static final String WILDCARD = "aeron:udp?endpoint=127.0.0.1:0";

  @TempDir private Path directory;

  private final List<Throwable> errors = new CopyOnWriteArrayList<>();
  private final UnsafeBuffer message = new UnsafeBuffer(new byte[16 * 1024]);
  private MediaDriver driver;
  private Aeron aeron;

  @BeforeEach
  void launchDriver() {
    String driverDirectory = directory.resolve("driver").toString();
    driver =
        MediaDriver.launch(
            new MediaDriver.Context()
                .aeronDirectoryName(driverDirectory)
                .dirDeleteOnStart(true)
                .publicationLingerTimeoutNs(TimeUnit.MILLISECONDS.toNanos(50))
                .threadingMode(ThreadingMode.SHARED));
    aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(driverDirectory));
  }

  @AfterEach
  void closeDriver() {
    aeron.close();
    driver.close();
    assertEquals(List.of(), errors);
  }

  private Petrel launch(String aeronDirectory) {
    return Petrel.launch(
        new Context()
            .threading(Threading.INVOKER)
            .set("dir", directory.resolve("petrel").toString())
            .set("aeron.dir", aeronDirectory)
            .set("linger", "1s")
            .errorHandler(errors::add));
  }

  private void await(String what, Petrel petrel, BooleanSupplier condition) {
    long startNs = System.nanoTime();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() - startNs < DEADLINE_NS, "waited too long for " + what);
      petrel.work();
      YIELD.idle();
    }
  }

  /** Some fit a datagram, some take several. */
  private static int lengthOf(int number) {
    return 8 + number * 37 % 5_000;
  }

  private void fill(int number) {
    message.setMemory(0, lengthOf(number), (byte) number);
    message.putInt(0, number);
  }

  private static void verify(DirectBuffer buffer, int offset, int length, int number) {
    assertEquals(number, buffer.getInt(offset));
    assertEquals(lengthOf(number), length);
    assertEquals((byte) number, buffer.getByte(offset + length - 1));
  }

  @Test
  void sendsToAPlainAeronSubscription() {
    List<Integer> received = new ArrayList<>();
    try (Petrel petrel = launch("embedded");
        io.aeron.Subscription subscription = aeron.addSubscription(WILDCARD, STREAM)) {
      await("the port", petrel, () -> subscription.tryResolveChannelEndpointPort() != null);
      String uri = subscription.tryResolveChannelEndpointPort() + "|stream-id=" + STREAM;
      Publication publication = petrel.publish(uri);
      await("the connection", petrel, publication::isConnected);
      FragmentAssembler assembler =
          new FragmentAssembler((buffer, offset, length, header) -> {
            verify(buffer, offset, length, received.size());
            assertEquals(publication.sessionId(), Integer.toUnsignedLong(header.sessionId()));
            received.add(length);
          });
      for (int i = 0; i < MESSAGES; i++) {
        int number = i;
        fill(number);
        await(
            "message " + number,
            petrel,
            () -> {
              subscription.poll(assembler, 10);
              return publication.offer(message, 0, lengthOf(number)) > 0;
            });
      }
      await(
          "all", petrel, () -> subscription.poll(assembler, 10) < 0 || received.size() == MESSAGES);
    }
  }

  @Test
  void receivesFromAPlainAeronPublication() {
    List<Object> told = new ArrayList<>();
    int[] next = {0};
    SessionEvents events =
        new SessionEvents() {
          @Override
          public void onSessionUp(SessionInfo session) {
            told.add(session.sessionId());
            told.add(session.stream());
          }

          @Override
          public void onSessionDown(SessionInfo session, EndReason reason, long position) {
            told.add(reason);
          }
        };
    try (Petrel petrel = launch("embedded")) {
      Subscription subscription = petrel.subscribe(WILDCARD + "|stream-id=" + STREAM, events);
      InetSocketAddress address = (InetSocketAddress) subscription.localAddress();
      assertTrue(address != null && address.getPort() > 0, "bound to " + address);
      long sessionId;
      try (io.aeron.Publication publication =
          aeron.addPublication("aeron:udp?endpoint=127.0.0.1:" + address.getPort(), STREAM)) {
        sessionId = Integer.toUnsignedLong(publication.sessionId());
        for (int i = 0; i < MESSAGES; i++) {
          int number = i;
          fill(number);
          await(
              "message " + number,
              petrel,
              () -> {
                subscription.poll(
                    (buffer, offset, length, header) -> verify(buffer, offset, length, next[0]++),
                    10);
                return publication.offer(message, 0, lengthOf(number)) > 0;
              });
        }
      }
      await(
          "the end",
          petrel,
          () -> {
            subscription.poll(
                (buffer, offset, length, header) -> verify(buffer, offset, length, next[0]++), 10);
            return told.size() >= 3;
          });
      assertEquals(List.of(sessionId, STREAM, EndReason.CLOSED_BY_PEER), told);
      assertEquals(MESSAGES, next[0]);
      assertEquals(0, subscription.sessionCount());
    }
  }

  @Test
  void sharesMemoryWithAPlainClientOfTheSameDriver() {
    List<Integer> received = new ArrayList<>();
    String external = directory.resolve("driver").toString();
    try (Petrel petrel = launch(external);
        io.aeron.Subscription plain = aeron.addSubscription("aeron:ipc", STREAM);
        io.aeron.Publication back = aeron.addPublication("aeron:ipc", STREAM + 1)) {
      Publication publication = petrel.publishExclusive("aeron:ipc?stream-id=" + STREAM);
      Subscription subscription = petrel.subscribe("aeron:ipc?stream-id=" + (STREAM + 1));
      assertEquals(null, subscription.localAddress());
      await("both ways", petrel, () -> publication.isConnected() && back.isConnected());
      fill(7);
      await("an offer", petrel, () -> publication.offer(message, 0, 100) > 0);
      await("its answer", petrel, () -> plain.poll((b, o, l, h) -> back.offer(b, o, l), 1) == 1);
      await(
          "the way back", petrel, () -> subscription.poll((b, o, l, h) -> received.add(l), 1) > 0);
      assertEquals(List.of(100), received);
    }
    assertFalse(aeron.isClosed(), "the driver is others' too");
  }

  @Test
  void saysWhatIsWrongWithAChannel() {
    try (Petrel petrel = launch("embedded")) {
      ConfigurationException syntax =
          assertThrows(ConfigurationException.class, () -> petrel.publish("aeron:"));
      assertTrue(syntax.toString().contains("aeron:udp?endpoint=host:port"), syntax.toString());
      ConfigurationException stream =
          assertThrows(
              ConfigurationException.class, () -> petrel.publish("aeron:ipc?stream-id=first"));
      assertTrue(stream.toString().contains("'first'"), stream.toString());
      PetrelException endpoint =
          assertThrows(PetrelException.class, () -> petrel.publish("aeron:udp?mtu=1408"));
      assertTrue(endpoint.toString().contains("Aeron refuses it"), endpoint.toString());
    }
    errors.clear(); // Aeron's driver tells of it too.
  }

  @Test
  void saysWhereNoDriverRuns() {
    String empty = directory.resolve("nobody").toString();
    try (Petrel petrel = launch(empty)) {
      PetrelException refusal =
          assertThrows(PetrelException.class, () -> petrel.subscribe("aeron:ipc"));
      assertTrue(refusal.toString().contains("no media driver runs in"), refusal.toString());
      assertTrue(refusal.toString().contains(empty), refusal.toString());
    }
  }

  @Test
  void namesTheArtifactThatIsAbsent() {
    ClassLoader withoutAeron =
        new ClassLoader(getClass().getClassLoader()) {
          @Override
          protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("io.aeron.")) {
              throw new ClassNotFoundException(name);
            }
            return super.loadClass(name, resolve);
          }
        };
    PetrelException refusal =
        assertThrows(
            PetrelException.class, () -> AeronTransportProvider.require(withoutAeron, true));
    assertTrue(refusal.toString().contains("io.aeron:aeron-client"), refusal.toString());
  }

  @Test
  void isFoundByItsScheme() {
    assertTrue(
        ServiceLoader.load(TransportProvider.class).stream()
            .anyMatch(provider -> provider.type() == AeronTransportProvider.class));
  }

  @Test
  void removesWhatADeadProcessLeft() throws Exception {
    Path parent = Files.createDirectories(directory.resolve("petrel"));
    Path dead = Files.createDirectories(parent.resolve("aeron-999999999-1-1"));
    Files.writeString(dead.resolve("cnc.dat"), "left");
    Path foreign = Files.createDirectories(parent.resolve("aeron-mine"));
    try (Petrel petrel = launch("embedded")) {
      petrel.subscribe(WILDCARD);
      assertFalse(Files.exists(dead), "a dead process's directory is removed");
      assertTrue(Files.exists(foreign), "what is not known stays");
    }
    try (var files = Files.list(parent)) {
      assertEquals(
          List.of(foreign),
          files.filter(file -> file.getFileName().toString().startsWith("aeron")).toList());
    }
  }
}
