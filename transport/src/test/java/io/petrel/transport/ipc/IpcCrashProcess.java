package io.petrel.transport.ipc;

import io.petrel.transport.Context;
import io.petrel.transport.Options;
import io.petrel.transport.Petrel;
import io.petrel.transport.Publication;
import io.petrel.transport.Subscription;
import io.petrel.transport.Threading;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A process to be killed: publishes numbered messages, or reads them, until then. */
final class IpcCrashProcess {
  static final String URI = "ipc://crash?ring=16KiB&linger=0";
  private static final int HEADER = 16;

  private IpcCrashProcess() {}

  public static void main(final String[] arguments) {
    final Context context =
        new Context().threading(Threading.INVOKER).set(Options.DIR, arguments[1]);
    final Petrel petrel = Petrel.launch(context);
    if (arguments[0].equals("publish")) {
      publish(petrel.publishExclusive(URI));
    } else {
      final Subscription subscription = petrel.subscribe(URI);
      while (!subscription.isClosed()) {
        subscription.poll((buffer, offset, length, header) -> check(buffer, offset, length), 100);
      }
    }
  }

  static Process start(final String role, final Path directory) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "--add-exports",
            "java.base/jdk.internal.misc=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            IpcCrashProcess.class.getName(),
            role,
            directory.toString())
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(directory.resolve(role + ".err").toFile())
        .start();
  }

  private static void publish(final Publication publication) {
    final UnsafeBuffer message = new UnsafeBuffer(new byte[2048]);
    final Random random = new Random(1);
    long sequence = 0;
    while (!publication.isClosed()) {
      if (publication.offer(message, 0, encode(message, sequence, random)) > 0) {
        sequence++;
      }
    }
  }

  /** Random lengths, so that the wrap is met in every way. */
  static int encode(final UnsafeBuffer message, final long sequence, final Random random) {
    final int length = HEADER + random.nextInt(random.nextInt(4) == 0 ? 1500 : 64);
    message.putLong(0, sequence);
    message.putLong(8, sequence * 31 + length);
    message.setMemory(HEADER, length - HEADER, (byte) sequence);
    return length;
  }

  /** The sequence of a message that is whole. */
  static long check(final DirectBuffer buffer, final int offset, final int length) {
    final long sequence = buffer.getLong(offset);
    if (buffer.getLong(offset + 8) != sequence * 31 + length) {
      throw new IllegalStateException("torn: message " + sequence + " of " + length);
    }
    for (int i = HEADER; i < length; i++) {
      if (buffer.getByte(offset + i) != (byte) sequence) {
        throw new IllegalStateException("torn: message " + sequence + " at " + i);
      }
    }
    return sequence;
  }
}
