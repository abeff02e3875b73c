package io.petrel.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.bench.journal.BridgeCommand;
import io.petrel.bench.journal.RecordCommand;
import io.petrel.bench.journal.ReplayCommand;
import io.petrel.transport.Context;
import io.petrel.transport.Options;
import io.petrel.transport.Petrel;
import io.petrel.transport.Publication;
import io.petrel.transport.Subscription;
import io.petrel.transport.Threading;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Command;

/** The commands as they are typed, over real channels. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class JournalCommandsTest {
  private static final String DIR_PROPERTY = Options.DIR.property();
  private static final int MESSAGES = 3_000;

  @TempDir private Path base = Path.of("");
  private final StringWriter err = new StringWriter();
  private String journal = "";

  @BeforeEach
  void useADirectoryOfItsOwn() {
    System.setProperty(DIR_PROPERTY, base.resolve("shared").toString());
    journal = base.resolve("journal").toString();
  }

  @AfterEach
  void useTheUsualDirectory() {
    System.clearProperty(DIR_PROPERTY);
  }

  @Command(
      name = "petrel",
      subcommands = {RecordCommand.class, ReplayCommand.class, BridgeCommand.class})
  static final class Root {}

  private record Outcome(int status, String out) {}

  private Outcome run(String... arguments) {
    StringWriter out = new StringWriter();
    int status =
        PetrelCommand.run(
            PetrelCommand.commandLine(new Root()),
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            arguments);
    return new Outcome(status, out.toString());
  }

  private CompletableFuture<Outcome> start(String... arguments) {
    return inAThreadOfItsOwn(() -> run(arguments));
  }

  /**
   * The common pool has one thread on a machine of two cores: who spins in it keeps all others out.
   */
  private static <T> CompletableFuture<T> inAThreadOfItsOwn(Supplier<T> work) {
    return CompletableFuture.supplyAsync(work, task -> Thread.ofPlatform().daemon().start(task));
  }

  private static Petrel launch() {
    return Petrel.launch(new Context().threading(Threading.INVOKER));
  }

  /** Lengths and bytes of messages, one after the other. */
  private static final class Transcript {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int messages;

    void add(byte[] message) {
      bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(message.length).array());
      bytes.writeBytes(message);
      messages++;
    }

    byte[] all() {
      return bytes.toByteArray();
    }
  }

  private static Transcript publish(Publication publication, Petrel petrel) {
    Transcript sent = new Transcript();
    Random random = new Random(3);
    while (!publication.isConnected()) {
      petrel.work();
    }
    for (int i = 0; i < MESSAGES; i++) {
      byte[] message = new byte[i % 500 == 7 ? 100_000 : random.nextInt(400)];
      random.nextBytes(message);
      while (publication.offer(new UnsafeBuffer(message)) < 0) {
        petrel.work();
      }
      sent.add(message);
    }
    return sent;
  }

  /** Runs a command that publishes to a reliable stream, and takes what it brings. */
  private Transcript receive(int messages, String... arguments) {
    Transcript received = new Transcript();
    try (Petrel petrel = launch();
        Subscription subscription = petrel.subscribe("rudp://127.0.0.1:0")) {
      if (!(subscription.localAddress() instanceof InetSocketAddress address)) {
        throw new AssertionError("no port");
      }
      String[] all = arguments.clone();
      for (int i = 0; i < all.length; i++) {
        all[i] = all[i].replace("PORT", Integer.toString(address.getPort()));
      }
      CompletableFuture<Outcome> sender = start(all);
      while (!sender.isDone() || received.messages < messages) {
        int polled =
            subscription.poll(
                (buffer, offset, length, header) -> {
                  byte[] message = new byte[length];
                  buffer.getBytes(offset, message);
                  received.add(message);
                },
                64);
        if (polled == 0 && sender.isDone() && sender.join().status != 0) {
          break;
        }
      }
      assertEquals(0, sender.join().status, err::toString);
    }
    return received;
  }

  private Transcript record() {
    CompletableFuture<Outcome> recorder =
        start(
            "record",
            "ipc://source?ring=1MiB",
            journal,
            "--required",
            "--count",
            Integer.toString(MESSAGES),
            "--json",
            "-");
    try (Petrel petrel = launch();
        Publication publication = petrel.publishExclusive("ipc://source?ring=1MiB")) {
      Transcript sent = publish(publication, petrel);
      Outcome outcome = recorder.join();
      assertEquals(0, outcome.status, err::toString);
      assertTrue(outcome.out.contains("\"messages\":" + MESSAGES), outcome.out);
      assertTrue(outcome.out.contains("\"lost_bytes\":0"), outcome.out);
      return sent;
    }
  }

  @Test
  void whatWasRecordedOverSharedMemoryComesBackOverReliableUdpByteForByteEachTime() {
    Transcript sent = record();
    for (int round = 0; round < 2; round++) {
      Transcript received =
          receive(MESSAGES, "replay", journal, "rudp://127.0.0.1:PORT", "--rate", "max");
      assertArrayEquals(sent.all(), received.all(), "round " + round);
    }
  }

  @Test
  void aReplayResumesWhereItsReceiverWas() {
    Transcript sent = record();
    String notes = base.resolve("notes").toString();
    Transcript received = new Transcript();
    for (int round = 0; round < 3; round++) {
      Transcript part =
          receive(
              MESSAGES / 3,
              "replay",
              journal,
              "rudp://127.0.0.1:PORT",
              "--rate",
              "max",
              "--count",
              Integer.toString(MESSAGES / 3),
              "--resume",
              notes);
      received.bytes.writeBytes(part.all());
    }
    assertArrayEquals(sent.all(), received.all());
  }

  @Test
  void aBridgeHandsOnEverythingInOrder() {
    CompletableFuture<Transcript> sent =
        inAThreadOfItsOwn(() -> {
          try (Petrel petrel = launch();
              Publication publication = petrel.publish("ipc://source?ring=1MiB")) {
            return publish(publication, petrel);
          }
        });
    Transcript received =
        receive(
            MESSAGES,
            "bridge",
            "ipc://source?ring=1MiB",
            "rudp://127.0.0.1:PORT",
            "--count",
            Integer.toString(MESSAGES));
    assertArrayEquals(sent.join().all(), received.all());
  }

  @Test
  void anAbsentJournalIsNamedOnOneLine() {
    assertEquals(1, run("replay", journal, "ipc://target").status);
    assertEquals(1, err.toString().lines().count(), err::toString);
    assertTrue(err.toString().contains("there is no journal in '" + journal), err::toString);
  }

  @Test
  void aRateThatIsNoneIsNamedOnOneLine() {
    assertEquals(1, run("replay", journal, "ipc://target", "--rate", "fast").status);
    assertEquals(1, err.toString().lines().count(), err::toString);
    assertTrue(err.toString().contains("--rate 'fast'"), err::toString);
  }
}
