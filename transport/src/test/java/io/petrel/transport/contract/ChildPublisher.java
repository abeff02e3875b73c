package io.petrel.transport.contract;

import io.petrel.transport.Context;
import io.petrel.transport.Petrel;
import io.petrel.transport.Publication;
import io.petrel.transport.Threading;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** Publishes for ever, in a process of its own that is there to be killed. */
final class ChildPublisher {
  private ChildPublisher() {}

  static Process start(Threading threading, String uri) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(
        List.of(
            "--add-exports",
            "java.base/jdk.internal.misc=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            ChildPublisher.class.getName(),
            threading.name(),
            uri));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  /** Arguments: threading and URI. */
  public static void main(String[] arguments) {
    Petrel petrel = Petrel.launch(new Context().threading(Threading.valueOf(arguments[0])));
    Publication publication = petrel.publish(arguments[1]);
    UnsafeBuffer message = new UnsafeBuffer(new byte[64]);
    for (long number = 0; ; ) {
      Messages.fill(message, 9, number, 64);
      if (publication.offer(message, 0, 64) > 0) {
        number++;
      }
    }
  }
}
