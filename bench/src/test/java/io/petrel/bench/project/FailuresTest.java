package io.petrel.bench.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.petrel.bench.link.LinkHosts;
import io.petrel.transport.Context;
import io.petrel.transport.Options;
import io.petrel.transport.Petrel;
import io.petrel.transport.Subscription;
import io.petrel.transport.Threading;
import io.petrel.transport.journal.JournalProvider;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Provokes what FAILURES.md lists, and compares what is said with what the page says. */
final class FailuresTest {
  private static final Pattern SECTION = Pattern.compile("(?m)^### (.+)\n\n`(.+)`$");
  private static final String EXPORT = "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED";
  private static final String NATIVE = "--enable-native-access=ALL-UNNAMED";
  private static final int FULL_AFTER_KIB = 64;

  /** Provokes one, and gives back what is said. */
  @FunctionalInterface
  interface Failure {
    String say() throws Exception;
  }

  @TempDir private Path dir;

  private final Map<String, Failure> failures = new LinkedHashMap<>();

  FailuresTest() {
    failures.put("JDK too old", this::withoutAnyJdk);
    failures.put("JVM too old", this::onAnOldJvm);
    failures.put("Missing export", () -> child("launch", List.of(NATIVE), path -> true));
    failures.put(
        "No native access",
        () ->
            child(
                "launch",
                List.of(EXPORT, "--illegal-native-access=deny", "-Dpetrel.core=0"),
                path -> true));
    failures.put("UDP port in use", () -> portTaken("rudp"));
    failures.put("TCP port in use", () -> portTaken("tcp"));
    failures.put(
        "No multicast interface",
        () -> refused(petrel -> petrel.subscribe("mcast://239.1.1.1:9000?interface=petrel-none")));
    failures.put("Socket buffer clamped", this::clamped);
    failures.put(
        "Core not allowed", () -> refusedLaunch(new Context().set("core", "8191"), "engine"));
    failures.put("Directory not writable", () -> refusedLaunch(new Context(), "file/below"));
    failures.put("No directory", () -> refusedLaunch(new Context(), "file"));
    failures.put("Directory full", this::full);
    failures.put("Foreign file", this::foreignFile);
    failures.put(
        "No media driver",
        () ->
            refused(
                new Context().set("aeron.dir", dir.resolve("nobody").toString()),
                petrel -> petrel.publish("aeron:ipc")));
    failures.put(
        "Aeron absent",
        () -> child("aeron", List.of(EXPORT, NATIVE), path -> !path.contains("aeron-client")));
    failures.put(
        "Chronicle Queue absent",
        () -> child("journal", List.of(EXPORT, NATIVE), path -> !path.contains("chronicle-queue")));
    failures.put("No root for namespaces", () -> text(LinkHosts.refusal("for this test")));
  }

  private static Map<String, String> page() throws IOException {
    Map<String, String> sections = new LinkedHashMap<>();
    Matcher matcher = SECTION.matcher(Files.readString(SourceTree.root().resolve("FAILURES.md")));
    while (matcher.find()) {
      sections.put(matcher.group(1), matcher.group(2));
    }
    return sections;
  }

  static Stream<String> names() throws IOException {
    return page().keySet().stream();
  }

  @Test
  void pageListsWhatIsProvokedHere() throws IOException {
    assertEquals(new TreeSet<>(failures.keySet()), new TreeSet<>(page().keySet()));
  }

  @ParameterizedTest
  @MethodSource("names")
  void saysWhatThePageSays(String name) throws Exception {
    Failure failure = failures.get(name);
    assertTrue(failure != null, "nothing provokes: " + name);
    String expected = String.valueOf(page().get(name));
    String said = failure.say().strip();
    String pattern =
        Arrays.stream(expected.split("…", -1))
            .map(Pattern::quote)
            .collect(Collectors.joining(".+"));
    assertTrue(
        Pattern.compile(pattern, Pattern.DOTALL).matcher(said).matches(),
        () -> "FAILURES.md says:\n" + expected + "\nbut it was:\n" + said);
  }

  // ---- In this process ----

  private Context context(Context context, String directory) {
    return context.threading(Threading.INVOKER).set("dir", dir.resolve(directory).toString());
  }

  private String refusedLaunch(Context context, String directory) throws IOException {
    Files.writeString(dir.resolve("file"), "no directory");
    return text(
        assertThrows(
            RuntimeException.class, () -> Petrel.launch(context(context, directory)).close()));
  }

  private String refused(Consumer<Petrel> action) {
    return refused(new Context(), action);
  }

  private String refused(Context context, Consumer<Petrel> action) {
    try (Petrel petrel = Petrel.launch(context(context, "engine"))) {
      return text(assertThrows(RuntimeException.class, () -> action.accept(petrel)));
    }
  }

  private static String text(Throwable failure) {
    return String.valueOf(failure.getMessage());
  }

  private String portTaken(String scheme) {
    return refused(petrel -> {
      try (Subscription first = petrel.subscribe(scheme + "://127.0.0.1:0")) {
        InetSocketAddress address = (InetSocketAddress) first.localAddress();
        try (Petrel second = Petrel.launch(context(new Context(), "second"))) {
          second.subscribe(scheme + "://127.0.0.1:" + (address == null ? 0 : address.getPort()));
        }
      }
    });
  }

  private String foreignFile() throws IOException {
    Path directory = Files.createDirectories(dir.resolve("engine"));
    Files.write(directory.resolve("orders-0.ipc"), new byte[1 << 16]);
    return refused(petrel -> petrel.subscribe("ipc://orders"));
  }

  private String clamped() throws IOException {
    Path limit = Path.of("/proc/sys/net/core/rmem_max");
    assumeTrue(Files.isReadable(limit), "needs Linux");
    assumeTrue(
        Long.parseLong(Files.readString(limit).strip()) < 1 << 30, "this kernel grants it all");
    List<String> warnings = new ArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            warnings.add(new SimpleFormatter().formatMessage(line));
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger("io.petrel");
    logger.addHandler(handler);
    try (Petrel petrel = Petrel.launch(context(new Context(), "engine"))) {
      assumeTrue(
          !petrel.context().value(Options.DATAGRAM_PORT).equals("nio"),
          "the JDK's channels do not tell");
      petrel.subscribe("rudp://127.0.0.1:0?socket-buffer=1GiB").close();
    } finally {
      logger.removeHandler(handler);
    }
    return warnings.stream()
        .filter(line -> line.startsWith("receive buffer"))
        .findFirst()
        .orElse("no warning, only " + warnings);
  }

  // ---- In others ----

  private String withoutAnyJdk() throws Exception {
    Path script = Files.createDirectories(dir.resolve("tree")).resolve("find-jdk");
    String text = Files.readString(SourceTree.root().resolve(".ci/find-jdk"));
    Files.writeString(script, text.replaceAll("(/usr/lib/jvm|/opt|/Library)[^ ;\n]*", "/nowhere"));
    ProcessBuilder builder = new ProcessBuilder("/bin/sh", script.toString());
    builder.environment().clear();
    builder.environment().put("PATH", "/nowhere");
    builder.environment().put("HOME", "/nowhere");
    return output(builder).lines().reduce("", (before, line) -> line);
  }

  private String onAnOldJvm() throws Exception {
    Path old = Path.of("/usr/lib/jvm/java-17-openjdk-amd64/bin/java");
    assumeTrue(Files.isExecutable(old), "no older JVM is here to try");
    return output(
        new ProcessBuilder(
            old.toString(), "-cp", System.getProperty("java.class.path"), Child.class.getName()));
  }

  private String full() throws Exception {
    Path small = Files.createDirectories(dir.resolve("small"));
    List<String> command =
        command("launch", List.of(EXPORT, NATIVE, "-Dpetrel.dir=" + small), path -> true);
    // A memory file system of its own, which goes with the process; only root may mount one.
    String mount = "mount -t tmpfs -o size=" + FULL_AFTER_KIB + "k none " + small + " || exit 77; ";
    String said =
        output(
            new ProcessBuilder(
                Stream.concat(
                        Stream.of("unshare", "-m", "sh", "-c", mount + "exec \"$@\"", "sh"),
                        command.stream())
                    .toList()));
    assumeTrue(said.contains("cannot create the metrics"), "needs root and unshare: " + said);
    return said;
  }

  private String child(String what, List<String> flags, Predicate<String> jars) throws Exception {
    List<String> own = new ArrayList<>(flags);
    own.add("-Dpetrel.dir=" + dir.resolve("child"));
    return output(new ProcessBuilder(command(what, own, jars)));
  }

  private static List<String> command(String what, List<String> flags, Predicate<String> jars) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-cp");
    command.add(
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .filter(jars)
            .collect(Collectors.joining(File.pathSeparator)));
    command.addAll(List.of(Child.class.getName(), what));
    return command;
  }

  /** Without what the JVM itself logs and warns of. */
  private static String output(ProcessBuilder builder) throws Exception {
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    int mark = said.indexOf(Child.MARK);
    return mark < 0 ? said : said.substring(mark + Child.MARK.length());
  }

  /** Does what its argument says, and prints what is said of it. */
  static final class Child {
    static final String MARK = "said: ";

    private Child() {}

    /**
     * Runs.
     *
     * @param arguments what to do
     */
    public static void main(String[] arguments) {
      try {
        if (arguments[0].equals("journal")) {
          JournalProvider.instance();
        }
        try (Petrel petrel = Petrel.launch()) {
          if (arguments[0].equals("aeron")) {
            petrel.publish("aeron:ipc");
          }
        }
      } catch (RuntimeException e) {
        System.out.println(MARK + e.getMessage());
        Runtime.getRuntime().halt(0);
      }
    }
  }
}
