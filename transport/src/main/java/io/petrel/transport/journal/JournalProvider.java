package io.petrel.transport.journal;

import java.nio.file.Path;
import java.util.ServiceLoader;

/** Makes journals; found by {@link ServiceLoader}, the first that is available. */
public interface JournalProvider {
  /**
   * Why this provider cannot be used here.
   *
   * @return empty when it can; else one line with what is missing and how to get it
   */
  String unavailable();

  /**
   * As {@link Journal#open}.
   *
   * @param settings where, and what is kept
   * @return the journal
   */
  Journal open(JournalSettings settings);

  /**
   * As {@link Journal#openReader}.
   *
   * @param directory of the journal
   * @return the reader
   */
  JournalReader openReader(Path directory);

  /**
   * The provider to use.
   *
   * @return the first available
   * @throws JournalException with what is missing, when none is
   */
  static JournalProvider instance() {
    String missing = "no journal provider is on the class path";
    for (JournalProvider provider : ServiceLoader.load(JournalProvider.class)) {
      missing = provider.unavailable();
      if (missing.isEmpty()) {
        return provider;
      }
    }
    throw new JournalException(missing);
  }
}
