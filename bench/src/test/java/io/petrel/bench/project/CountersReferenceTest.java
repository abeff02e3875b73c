package io.petrel.bench.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.multicast.SourceGauges;
import io.petrel.rudp.SessionGauges;
import io.petrel.rudp.SessionGauges.Gauge;
import io.petrel.rudp.endpoint.Totals.Total;
import io.petrel.transport.Context;
import io.petrel.transport.Options;
import io.petrel.transport.Petrel;
import io.petrel.transport.Threading;
import io.petrel.transport.datagram.PortGauges;
import io.petrel.transport.metrics.CountersReader;
import io.petrel.transport.metrics.CountersReader.Entry;
import io.petrel.transport.metrics.MetricsDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page of counters and errors. What an engine counts is asked of an engine that runs; what each
 * thing means is said where it is declared, and taken from there.
 */
final class CountersReferenceTest {
  private static final String WRITE_PROPERTY = "counters.write";
  private static final int TCP_TYPES = 200;
  private static final int IPC_TYPES = 220;
  private static final int RUDP_TYPES = 300;
  private static final int NEXT_TYPES = 360;

  /** A declaration behind its javadoc: a constant of a class, or of an enumeration. */
  private static final Pattern DECLARATION =
      Pattern.compile(
          "(?s)/\\*\\*((?:(?!\\*/).)*)\\*/\\s+"
              + "(?:public static final )?(?:int |long )?([A-Z][A-Z_]+)\\b[ (,;=\n]");

  @TempDir private Path dir;

  @Test
  void pageSaysWhatIsDeclaredAndCounted() throws IOException {
    Path page = SourceTree.root().resolve("COUNTERS.md");
    String expected = render();
    if (Boolean.getBoolean(WRITE_PROPERTY)) {
      Files.writeString(page, expected);
    }
    assertEquals(
        expected,
        Files.exists(page) ? Files.readString(page) : "",
        "COUNTERS.md is stale; this mends it: mvn -q -pl bench -am test -Dtest=%s -D%s=true"
                .formatted(CountersReferenceTest.class.getSimpleName(), WRITE_PROPERTY)
            + " -Dsurefire.failIfNoSpecifiedTests=false");
  }

  private String render() throws IOException {
    StringBuilder page = new StringBuilder();
    page.append(
        """
        # Counters and errors

        Made from the declarations; do not edit. `./petrel stat` shows them of whatever runs on
        the machine, or crashed there. A counter only grows, a gauge goes up and down, a histogram
        counts values by size. Types tell kinds apart where labels hold names; applications take
        1000 and above for their own.
        """);
    List<Entry> entries = ofARunningEngine();
    page.append("\n## Engine\n\nHere it is called `petrel`, its option `name`.\n\n");
    Map<String, String> types =
        declared("transport/src/main/java/io/petrel/transport/metrics/MetricTypes.java");
    heading(page);
    for (Entry entry : entries) {
      if (entry.typeId() < TCP_TYPES) {
        row(page, entry, types.getOrDefault(constantOf(entry.typeId()), ""));
      }
    }
    page.append("\n## tcp://\n\nOf all connections of an engine together.\n\n");
    constants(page, entries, TCP_TYPES, IPC_TYPES, "tcp/TcpCounters.java");
    page.append("\n## ipc://\n\nMessages are not counted: their number is in the positions.\n\n");
    constants(page, entries, IPC_TYPES, RUDP_TYPES, "ipc/IpcCounters.java");
    page.append("\n## rudp://\n\nOf all sessions of an engine together, ten times a second.\n\n");
    Map<String, String> totals =
        declared("reliable-udp/src/main/java/io/petrel/rudp/endpoint/Totals.java");
    heading(page);
    int rows = 0;
    for (Entry entry : entries) {
      if (entry.typeId() >= RUDP_TYPES && entry.typeId() < NEXT_TYPES) {
        Total total = Total.values()[entry.typeId() - RUDP_TYPES];
        row(page, entry, totals.getOrDefault(total.name(), ""));
        rows++;
      }
    }
    assertEquals(Total.values().length, rows, entries.toString());
    sessions(page);
    sources(page);
    ports(page);
    errors(page);
    return page.toString();
  }

  /** What an enumeration of the transport's declares, in its order. */
  private static void constants(
      StringBuilder page, List<Entry> entries, int first, int next, String file)
      throws IOException {
    Map<String, String> declared = declared("transport/src/main/java/io/petrel/transport/" + file);
    declared.remove("FIRST_TYPE");
    List<String> meanings = List.copyOf(declared.values());
    heading(page);
    int rows = 0;
    for (Entry entry : entries) {
      if (entry.typeId() >= first && entry.typeId() < next) {
        row(page, entry, meanings.get(entry.typeId() - first));
        rows++;
      }
    }
    assertEquals(meanings.size(), rows, entries.toString());
  }

  private static void sessions(StringBuilder page) throws IOException {
    page.append(
        """

        Of single sessions, as long as they are there, at most %d of an engine: gauges whose label
        begins with `rudp` and the peer's address, and whose key is the session's id.

        | label | what it shows |
        |---|---|
        """
            .formatted(SessionGauges.PLACES));
    Map<String, String> gauges =
        declared("reliable-udp/src/main/java/io/petrel/rudp/SessionGauges.java");
    for (Gauge gauge : Gauge.values()) {
      gauge(page, gauge.label(), gauges.getOrDefault(gauge.name(), ""));
    }
  }

  private static void sources(StringBuilder page) throws IOException {
    page.append(
        """

        ## mcast://, source by source

        Of what the subscriptions of an engine hear, at most %d sources: gauges whose label begins
        with `mcast` and the source's address, and whose key is its session's id.

        | label | what it shows |
        |---|---|
        """
            .formatted(SourceGauges.PLACES));
    Map<String, String> gauges =
        declared("multicast/src/main/java/io/petrel/multicast/SourceGauges.java");
    for (SourceGauges.Gauge gauge : SourceGauges.Gauge.values()) {
      gauge(page, gauge.label(), gauges.getOrDefault(gauge.name(), ""));
    }
  }

  private static void ports(StringBuilder page) throws IOException {
    page.append(
        """

        ## Ports of rudp:// and mcast://

        Of each transport's ports, as long as they are open, at most %d: gauges whose label begins
        with `port`, the port's kind (`native` or `nio`) and its address, and whose key is the
        number of its socket. `petrel stat` adds to each `%s`, which it reads
        from the kernel's table of sockets and no engine does: the table takes long to go through.

        | label | what it shows |
        |---|---|
        """
            .formatted(PortGauges.PLACES, PortGauges.KERNEL_DROPS));
    Map<String, String> gauges =
        declared("transport/src/main/java/io/petrel/transport/datagram/PortGauges.java");
    for (PortGauges.Gauge gauge : PortGauges.Gauge.values()) {
      gauge(page, gauge.label(), gauges.getOrDefault(gauge.name(), ""));
    }
  }

  private static void gauge(StringBuilder page, String label, String meaning) {
    assertTrue(!meaning.isEmpty(), "no javadoc found for " + label);
    page.append("| %s | %s |%n".formatted(label, meaning));
  }

  private static void errors(StringBuilder page) throws IOException {
    String room = "transport/src/main/java/io/petrel/transport/";
    page.append("\n## What an offer may answer\n\n| result | what it means |\n|---|---|\n");
    declared(room + "Publication.java")
        .forEach((name, meaning) -> page.append("| `%s` | %s |%n".formatted(name, meaning)));
    page.append("\n## Why a session ended\n\n| reason | what it means |\n|---|---|\n");
    declared(room + "EndReason.java")
        .forEach((name, meaning) -> page.append("| `%s` | %s |%n".formatted(name, meaning)));
    page.append(
        """

        ## Where errors go

        A wrong URI, option or value is refused at once by a `ConfigurationException`, what the
        machine refuses (a port in use, a directory that is full) by a `PetrelException`; both say
        what to do. What happens later, such as an exception that a handler throws, stops nothing:
        it is counted, written once for each distinct error to the metrics file, where
        `./petrel stat` shows it, and to the system logger `io.petrel`, and given to the
        `errorHandler` of the `Context`.
        """);
  }

  private static void heading(StringBuilder page) {
    page.append("| type | kind | label | what it counts |\n|---|---|---|---|\n");
  }

  private static void row(StringBuilder page, Entry entry, String meaning) {
    assertTrue(!meaning.isEmpty(), "no javadoc found for " + entry);
    page.append(
        "| %d | %s | %s | %s |%n"
            .formatted(
                entry.typeId(),
                entry.kind().name().toLowerCase(Locale.ROOT),
                entry.label(),
                meaning));
  }

  /** An engine at its defaults, with its transports in use. */
  private List<Entry> ofARunningEngine() {
    Context context = new Context().set(Options.DIR, dir.toString()).threading(Threading.INVOKER);
    try (Petrel petrel = Petrel.launch(context)) {
      petrel.subscribe("rudp://127.0.0.1:0").close();
      petrel.subscribe("tcp://127.0.0.1:0").close();
      petrel.subscribe("ipc://counted").close();
      CountersReader reader = CountersReader.open(MetricsDirectory.files(dir).getFirst());
      List<Entry> entries = new ArrayList<>(reader.counters());
      entries.addAll(reader.histograms());
      return entries;
    }
  }

  /** The constant of {@code MetricTypes} with a value. */
  private static String constantOf(int typeId) throws IOException {
    String source =
        Files.readString(
            SourceTree.root()
                .resolve("transport/src/main/java/io/petrel/transport/metrics/MetricTypes.java"));
    Matcher constant = Pattern.compile("int ([A-Z_]+) = " + typeId + ";").matcher(source);
    assertTrue(constant.find(), "MetricTypes has no constant " + typeId);
    return constant.group(1);
  }

  /** Constants of a source file and what their javadoc says, in their order. */
  private static Map<String, String> declared(String file) throws IOException {
    Map<String, String> found = new LinkedHashMap<>();
    Matcher matcher = DECLARATION.matcher(Files.readString(SourceTree.root().resolve(file)));
    while (matcher.find()) {
      String text = matcher.group(1).replaceAll("\\s*\n\\s*\\* ?", " ").strip();
      found.put(
          matcher.group(2),
          text.replaceAll("\\{@link #(\\w+)(\\(\\))?\\}", "`$1`")
              .replaceAll("\\{@code ([^}]*)\\}", "`$1`"));
    }
    return found;
  }
}
