package io.petrel.transport.journal.chronicle;

import io.petrel.transport.journal.Journal;
import io.petrel.transport.journal.JournalException;
import io.petrel.transport.journal.JournalProvider;
import io.petrel.transport.journal.JournalReader;
import io.petrel.transport.journal.JournalSettings;
import java.nio.file.Files;
import java.nio.file.Path;

/** The journal on Chronicle Queue, where that is on the class path and the JVM lets it in. */
public final class ChronicleJournalProvider implements JournalProvider {
  private static final String ARTIFACT = "net.openhft:chronicle-queue:2026.4";
  private static final String QUEUE = "net.openhft.chronicle.queue.ChronicleQueue";
  private static final String FLAGS =
      "--add-exports java.base/sun.nio.ch=ALL-UNNAMED"
          + " --add-exports java.base/jdk.internal.ref=ALL-UNNAMED"
          + " --add-opens java.base/java.lang.reflect=ALL-UNNAMED";

  /** Made by the service loader. */
  public ChronicleJournalProvider() {}

  @Override
  public String unavailable() {
    return unavailable(ChronicleJournalProvider.class.getClassLoader());
  }

  static String unavailable(ClassLoader loader) {
    try {
      Class.forName(QUEUE, false, loader);
    } catch (ClassNotFoundException | LinkageError e) {
      return "a journal needs the artifact "
          + ARTIFACT
          + " on the class path; leave out its net.openhft:chronicle-analytics";
    }
    Module base = Object.class.getModule();
    Module queue = ChronicleJournalProvider.class.getModule();
    if (!base.isExported("sun.nio.ch", queue) || !base.isOpen("java.lang.reflect", queue)) {
      return "a journal needs the JVM to be started with: " + FLAGS;
    }
    return "";
  }

  @Override
  public Journal open(JournalSettings settings) {
    return new ChronicleJournal(settings);
  }

  @Override
  public JournalReader openReader(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new JournalException("there is no journal in '" + directory + "'");
    }
    return new ChronicleReader(directory);
  }
}
