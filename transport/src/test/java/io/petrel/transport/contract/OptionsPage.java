package io.petrel.transport.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.petrel.transport.Option;
import io.petrel.transport.OptionGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The reference page of a module's options, made of the declarations themselves. */
public final class OptionsPage {
  private static final String WRITE_PROPERTY = "options.write";

  private OptionsPage() {}

  /**
   * Fails when a module's page is not what its options say; writes it when the system property
   * options.write is true.
   *
   * @param module whose directory holds OPTIONS.md, and where tests run
   * @param test the class that calls this
   * @param groups in their order
   * @throws IOException when the page can be neither read nor written
   */
  public static void check(String module, Class<?> test, List<OptionGroup> groups)
      throws IOException {
    Path page = Path.of("OPTIONS.md");
    String expected = render(groups);
    if (Boolean.getBoolean(WRITE_PROPERTY)) {
      Files.writeString(page, expected);
    }
    String present = Files.exists(page) ? Files.readString(page) : "";
    assertEquals(
        expected,
        present,
        "%s/OPTIONS.md is stale; this mends it: mvn -q -pl %s -am test -Dtest=%s -D%s=true"
                .formatted(module, module, test.getSimpleName(), WRITE_PROPERTY)
            + " -Dsurefire.failIfNoSpecifiedTests=false");
  }

  static String render(List<OptionGroup> groups) {
    StringBuilder text = new StringBuilder("# Options\n\n");
    text.append(
        """
        Made from the declarations; do not edit. A value is what the URI says
        (`?name=value`), else what the `Context` was set to, else the system property
        `petrel.name`, else the default. Durations carry ns, us, ms, s or m (minutes); sizes
        nothing or B, kB, MB, GB (powers of ten), KiB, MiB, GiB (of two); rates bit, kbit, mbit,
        gbit; shares are 0.01 or 1%.
        """);
    for (OptionGroup group : groups) {
      text.append("\n## ").append(group.title()).append("\n\n").append(group.doc()).append("\n\n");
      text.append("| option | default | value | meaning |\n|---|---|---|---|\n");
      for (Option<?> option : group.options()) {
        text.append(
            "| `%s` | `%s` | %s | %s |%n"
                .formatted(option.name(), option.defaultText(), option.wanted(), option.doc()));
      }
    }
    return text.toString();
  }
}
