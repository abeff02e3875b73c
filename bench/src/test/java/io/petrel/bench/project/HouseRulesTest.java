package io.petrel.bench.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.puppycrawl.tools.checkstyle.Checker;
import com.puppycrawl.tools.checkstyle.ConfigurationLoader;
import com.puppycrawl.tools.checkstyle.PropertiesExpander;
import com.puppycrawl.tools.checkstyle.api.AuditEvent;
import com.puppycrawl.tools.checkstyle.api.AuditListener;
import com.puppycrawl.tools.checkstyle.api.CheckstyleException;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rules of checkstyle.xml beside this class, for all sources of all modules. */
final class HouseRulesTest {
  private static final int LEAST_SOURCES = 100;

  @Test
  void allSourcesKeepTheHouseRules() throws Exception {
    List<Path> sources = SourceTree.javaSources();
    assertTrue(sources.size() > LEAST_SOURCES, "only " + sources.size() + " sources were found");
    List<String> breaches = breachesIn(sources);
    assertTrue(breaches.isEmpty(), () -> "house rules broken:\n" + String.join("\n", breaches));
  }

  @Test
  void everyPackageSaysWhatLivesThere() throws IOException {
    List<Path> sources =
        SourceTree.javaSources().stream()
            .filter(file -> file.toString().contains("/src/main/java/"))
            .filter(file -> !file.endsWith("module-info.java"))
            .toList();
    TreeSet<Path> packages = new TreeSet<>(sources.stream().map(Path::getParent).toList());
    assertTrue(packages.size() > 10, "only " + packages);
    List<String> silent = new ArrayList<>();
    for (Path room : packages) {
      Path info = room.resolve("package-info.java");
      String text = Files.exists(info) ? Files.readString(info) : "";
      if (!text.contains("/**") || !text.contains("@NullMarked")) {
        silent.add(room + ": package-info.java with a comment and @NullMarked is missing");
      }
    }
    assertTrue(silent.isEmpty(), () -> String.join("\n", silent));
  }

  @Test
  void aFileThatBreaksTheRulesIsCaught(@TempDir Path dir) throws Exception {
    Path bad = dir.resolve("Bad.java");
    Files.writeString(
        bad,
        """
        package io.petrel.bad;
        import java.util.*;
        public class Bad {
        \tint Wrong_Name = 1;\s
          // TO%s: later
          int many() {
        %s    return 1;
          }
        }
        %s\
        """
            .formatted("DO", "    Wrong_Name++;\n".repeat(60), "//\n".repeat(540)));
    List<String> breaches = breachesIn(List.of(bad));
    for (String rule :
        List.of(
            "AvoidStarImport",
            "MissingJavadocType",
            "FileTabCharacter",
            "MemberName",
            "RegexpSingleline",
            "TodoComment",
            "MethodLength",
            "FileLength")) {
      assertEquals(
          1, breaches.stream().filter(breach -> breach.endsWith("(" + rule + ")")).count(), rule);
    }
  }

  private static List<String> breachesIn(List<Path> sources) throws CheckstyleException {
    URL rules = HouseRulesTest.class.getResource("checkstyle.xml");
    assertNotNull(rules);
    Checker checker = new Checker();
    checker.setModuleClassLoader(Checker.class.getClassLoader());
    checker.configure(
        ConfigurationLoader.loadConfiguration(
            rules.toString(), new PropertiesExpander(new Properties())));
    Breaches breaches = new Breaches();
    checker.addListener(breaches);
    checker.process(sources.stream().map(Path::toFile).toList());
    checker.destroy();
    return breaches.found;
  }

  private static final class Breaches implements AuditListener {
    private final List<String> found = new ArrayList<>();

    @Override
    public void addError(AuditEvent event) {
      String source = event.getSourceName();
      String rule = source.substring(source.lastIndexOf('.') + 1).replaceFirst("Check$", "");
      found.add(
          "%s:%d: %s (%s)"
              .formatted(
                  new File(event.getFileName()).getPath(),
                  event.getLine(),
                  event.getMessage(),
                  rule));
    }

    @Override
    public void addException(AuditEvent event, Throwable failure) {
      found.add(event.getFileName() + ": " + failure);
    }

    @Override
    public void auditStarted(AuditEvent event) {}

    @Override
    public void auditFinished(AuditEvent event) {}

    @Override
    public void fileStarted(AuditEvent event) {}

    @Override
    public void fileFinished(AuditEvent event) {}
  }
}
