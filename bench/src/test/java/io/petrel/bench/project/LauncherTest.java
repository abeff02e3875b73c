package io.petrel.bench.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts, run in a small copy of the tree with a Maven that only pretends. */
final class LauncherTest {
  private static final Path JDK = Path.of(System.getProperty("java.home"));

  @TempDir private Path dir;
  private Path tree;
  private Path tools;
  private Path jar;

  private record Outcome(int status, String out, String err) {}

  @BeforeEach
  void copyTheScripts() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")));
    assumeTrue(Files.isExecutable(JDK.resolve("bin/javac")), "needs a JDK, not a runtime");
    dir = dir.toRealPath();
    tree = Files.createDirectories(dir.resolve("tree"));
    tools = Files.createDirectories(dir.resolve("tools"));
    jar = tree.resolve("bench/target/petrel.jar");
    for (String module : List.of("codecs", "transport", "reliable-udp", "multicast", "samples")) {
      Files.createDirectories(tree.resolve(module));
    }
    Files.createDirectories(tree.resolve("bench/src/main/java"));
    Files.createDirectories(tree.resolve(".ci"));
    Files.createDirectories(dir.resolve("jdks"));
    Files.writeString(tree.resolve("pom.xml"), "<project/>");
    Files.copy(SourceTree.root().resolve("petrel"), tree.resolve("petrel"));
    String script = Files.readString(SourceTree.root().resolve(".ci/find-jdk"));
    assertTrue(script.contains("/usr/lib/jvm/*"), "the usual places have moved");
    // The usual places of this machine are replaced by a folder of the test's own.
    Files.writeString(
        tree.resolve(".ci/find-jdk"),
        script
            .replace("/usr/lib/jvm/*", dir.resolve("jdks") + "/*")
            .replaceAll(" /opt/[a-z/]+\\*", ""));
    for (String tool :
        List.of(
            "sh", "dirname", "readlink", "find", "head", "touch", "sed", "cp", "mkdir", "cat")) {
      Files.createSymbolicLink(tools.resolve(tool), toolOfTheSystem(tool));
    }
  }

  private static Path toolOfTheSystem(String tool) {
    return List.of(Path.of("/bin"), Path.of("/usr/bin")).stream()
        .map(folder -> folder.resolve(tool))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow();
  }

  private Outcome run(Path from, Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    Path out = dir.resolve("out.txt");
    Path err = dir.resolve("err.txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(from.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    int status = builder.start().waitFor();
    return new Outcome(status, Files.readString(out), Files.readString(err));
  }

  private Map<String, String> environment(String... more) {
    Map<String, String> environment = new HashMap<>();
    environment.put("PATH", tools.toString());
    environment.put("HOME", dir.toString());
    for (int i = 0; i < more.length; i += 2) {
      environment.put(more[i], more[i + 1]);
    }
    return environment;
  }

  private Outcome findJdk(Map<String, String> environment) throws Exception {
    return run(tree, environment, "/bin/sh", ".ci/find-jdk");
  }

  private Outcome launch(String... arguments) throws Exception {
    String[] command = new String[arguments.length + 2];
    command[0] = "/bin/sh";
    command[1] = tree.resolve("petrel").toString();
    System.arraycopy(arguments, 0, command, 2, arguments.length);
    return run(dir, environment("JAVA_HOME", JDK.toString()), command);
  }

  /** A folder that answers like a JDK of some version. */
  private Path pretendedJdk(String name, String version) throws IOException {
    Path home = Files.createDirectories(dir.resolve(name));
    Files.createDirectories(home.resolve("bin"));
    script(home.resolve("bin/java"), "echo '    java.specification.version = " + version + "' >&2");
    script(home.resolve("bin/javac"), "exit 0");
    return home;
  }

  private static void script(Path file, String text) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + text + "\n");
    assertTrue(file.toFile().setExecutable(true));
  }

  /** A Maven that notes that it was called and puts the prepared jar in place. */
  private void installMaven() throws IOException {
    writeJar(dir.resolve("prepared.jar"));
    script(
        tools.resolve("mvn"),
        "echo \"$PWD: $*\" >> '%s'; mkdir -p bench/target; cp '%s' bench/target/petrel.jar"
            .formatted(dir.resolve("mvn.log"), dir.resolve("prepared.jar")));
  }

  private static void writeJar(Path file) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Echo.class.getName());
    String entry = Echo.class.getName().replace('.', '/') + ".class";
    try (OutputStream out = Files.newOutputStream(file);
        JarOutputStream jar = new JarOutputStream(out, manifest);
        InputStream code = Echo.class.getResourceAsStream("/" + entry)) {
      jar.putNextEntry(new JarEntry(entry));
      (code == null ? new ByteArrayInputStream(new byte[0]) : code).transferTo(jar);
      jar.closeEntry();
    }
  }

  /** Stands for the tool: prints its arguments and ends with the status 7. */
  static final class Echo {
    private Echo() {}

    /**
     * Runs.
     *
     * @param arguments printed
     */
    public static void main(String[] arguments) {
      System.out.print(String.join("|", arguments));
      System.exit(7);
    }
  }

  @Test
  void aJdkInJavaHomeIsTaken() throws Exception {
    assertEquals(new Outcome(0, JDK + "\n", ""), findJdk(environment("JAVA_HOME", JDK.toString())));
  }

  @Test
  void anOldJdkIsPassedOverForOneInTheUsualPlaces() throws Exception {
    Path old = pretendedJdk("old", "17");
    pretendedJdk("jdks/a-runtime", "25").resolve("bin/javac").toFile().delete();
    Path found = pretendedJdk("jdks/b-26", "26");
    Files.createSymbolicLink(tools.resolve("java"), old.resolve("bin/java"));
    assertEquals(
        new Outcome(0, found + "\n", ""), findJdk(environment("JAVA_HOME", old.toString())));
  }

  @Test
  void withoutAJdkOneLineSaysWhatToInstall() throws Exception {
    pretendedJdk("jdks/old", "21");
    Outcome outcome = findJdk(environment());
    assertEquals(1, outcome.status);
    assertEquals("", outcome.out);
    assertEquals(1, outcome.err.lines().count(), outcome.err);
    assertTrue(outcome.err.contains("JDK 25") && outcome.err.contains("install"), outcome.err);
  }

  @Test
  void theLauncherBuildsWhatIsMissingSaysSoAndPassesArgumentsAndStatusOn() throws Exception {
    installMaven();
    Outcome outcome = launch("bench", "two words", "--json", "-");
    assertEquals("bench|two words|--json|-", outcome.out);
    assertEquals(7, outcome.status);
    assertEquals(1, outcome.err.lines().count(), outcome.err);
    assertTrue(outcome.err.contains("building"), outcome.err);
    assertTrue(Files.readString(dir.resolve("mvn.log")).startsWith(tree + ": -q"));
  }

  @Test
  void theLauncherBuildsAgainOnlyWhenASourceIsNewer() throws Exception {
    installMaven();
    Path source = tree.resolve("bench/src/main/java/Some.java");
    Files.writeString(source, "class Some {}");
    launch();
    assertEquals(new Outcome(7, "again", ""), launch("again"));
    Instant later = Files.getLastModifiedTime(jar).toInstant().plusSeconds(10);
    Files.setLastModifiedTime(source, FileTime.from(later));
    assertTrue(launch().err.contains("building"));
    assertEquals(2, Files.readAllLines(dir.resolve("mvn.log"), StandardCharsets.UTF_8).size());
  }

  @Test
  void theLauncherWorksThroughASymbolicLink() throws Exception {
    installMaven();
    launch();
    Path link = Files.createSymbolicLink(dir.resolve("link"), tree.resolve("petrel"));
    Outcome outcome =
        run(
            Path.of("/"),
            environment("JAVA_HOME", JDK.toString()),
            "/bin/sh",
            link.toString(),
            "linked");
    assertEquals(new Outcome(7, "linked", ""), outcome);
  }

  @Test
  void withoutMavenOneLineSaysWhatToInstall() throws Exception {
    Outcome outcome = launch();
    assertEquals(1, outcome.status);
    assertEquals(1, outcome.err.lines().count(), outcome.err);
    assertTrue(outcome.err.contains("Maven") && outcome.err.contains("install"), outcome.err);
    assertFalse(Files.exists(jar));
  }

  @Test
  void aFailedBuildIsSaidAndNothingRuns() throws Exception {
    script(tools.resolve("mvn"), "echo 'it does not compile'; exit 1");
    Outcome outcome = launch("bench");
    assertEquals(1, outcome.status);
    assertEquals("", outcome.out);
    assertTrue(outcome.err.contains("it does not compile"), outcome.err);
    assertTrue(outcome.err.contains("the build failed"), outcome.err);
  }
}
