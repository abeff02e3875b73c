package io.petrel.samples;

import io.petrel.samples.support.Patience;
import io.petrel.transport.Context;
import io.petrel.transport.Petrel;
import io.petrel.transport.Publication;
import io.petrel.transport.Subscription;
import io.petrel.transport.Threading;
import io.petrel.transport.journal.Journal;
import io.petrel.transport.journal.JournalMessages;
import io.petrel.transport.journal.JournalReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.agrona.ExpandableArrayBuffer;

/**
 * What was sent can be had again. A publisher keeps a journal; somebody who comes when half of it
 * is over has all of it, the past from the journal and the rest live; and afterwards the journal is
 * read without the publisher.
 */
public final class RecordReplay {
  private static final int MESSAGES = 20_000;
  private static final int HALF = MESSAGES / 2;

  private RecordReplay() {}

  /**
   * Runs it alone.
   *
   * @param arguments none
   * @throws IOException when there is no room for the journal
   */
  public static void main(String[] arguments) throws IOException {
    run(System.out);
  }

  static void run(PrintStream out) throws IOException {
    Path directory = Files.createTempDirectory("petrel-journal");
    try {
      publish(directory, out);
      read(directory, out);
    } finally {
      delete(directory);
    }
  }

  private static void publish(Path directory, PrintStream out) {
    String group = "mcast://239.192.77.1:" + (20_000 + ProcessHandle.current().pid() % 20_000 * 2);
    String uri = group + "?interface=lo&start=0";
    Context context = new Context().threading(Threading.INVOKER);
    try (Petrel petrel = Petrel.launch(context)) {
      Publication quotes =
          petrel.publishExclusive(uri + "&record-required=true&record=" + directory);
      ExpandableArrayBuffer message = new ExpandableArrayBuffer(Long.BYTES);
      for (long sent = 0; sent < HALF; ) {
        sent += offer(quotes, message, sent);
      }
      // Half of it is over.
      Subscription late = petrel.subscribe(uri + "&join=journal");
      long[] read = {0};
      long sent = HALF;
      Patience patience = new Patience("a message");
      while (read[0] < MESSAGES) {
        sent += sent < MESSAGES ? offer(quotes, message, sent) : 0;
        patience.idle(
            late.poll(
                (buffer, offset, length, header) -> expect(read[0]++, buffer.getLong(offset)), 64));
      }
      out.printf("joined after %d messages, and has all %d in order%n", HALF, read[0]);
    }
  }

  private static int offer(Publication to, ExpandableArrayBuffer message, long number) {
    message.putLong(0, number);
    return to.offer(message, 0, Long.BYTES) > 0 ? 1 : 0;
  }

  private static void read(Path directory, PrintStream out) {
    try (JournalReader reader = Journal.openReader(directory)) {
      JournalMessages messages =
          new JournalMessages(
              reader,
              entry -> true,
              (session, from, to) -> out.printf("positions %d to %d are missing%n", from, to));
      long count = 0;
      while (messages.next()) {
        expect(count++, messages.buffer().getLong(messages.offset()));
      }
      out.printf("the journal holds %d messages%n", count);
    }
  }

  private static void expect(long number, long found) {
    if (found != number) {
      throw new IllegalStateException("message " + found + " where " + number + " was to come");
    }
  }

  private static void delete(Path directory) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(directory)) {
      files = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
  }
}
