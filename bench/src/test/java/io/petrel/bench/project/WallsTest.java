package io.petrel.bench.project;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The walls between the rooms, checked on the compiled classes of all modules. */
final class WallsTest {
  private static final String CODECS = "io.petrel.codecs..";
  private static final String TRANSPORT = "io.petrel.transport..";
  private static final String RUDP = "io.petrel.rudp..";
  private static final String MULTICAST = "io.petrel.multicast..";
  private static final String BENCH = "io.petrel.bench..";
  private static final String NATIVE = "io.petrel.transport.linux..";

  /** Below a protocol module's own package, which holds the transport with its sockets. */
  private static final String[] PROTOCOLS = {"io.petrel.rudp.*..", "io.petrel.multicast.*.."};

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("jmh_generated"))
          .importPackages("io.petrel");

  /** What the walls are there to keep out. */
  private static final JavaClasses TRESPASSERS =
      new ClassFileImporter().importPackages("io.petrel.bench.project.trespass");

  @ParameterizedTest
  @CsvSource({
    "io.petrel.codecs, 20",
    "io.petrel.transport, 100",
    "io.petrel.transport.linux, 5",
    "io.petrel.rudp, 20",
    "io.petrel.multicast, 20",
    "io.petrel.bench, 20"
  })
  void theClassesOfEachModuleAreThereToBeChecked(String module, int least) {
    long found =
        CLASSES.stream()
            .filter(type -> (type.getPackageName() + ".").startsWith(module + "."))
            .count();
    assertTrue(found >= least, found + " classes found in " + module);
  }

  @Test
  void protocolsUseNoSocketNoThreadAndNoClock() {
    Walls.sansIo(PROTOCOLS).check(CLASSES);
  }

  @Test
  void foreignFunctionsAreCalledInTheNativePackageOnly() {
    Walls.foreignOnlyIn(NATIVE).check(CLASSES);
  }

  @Test
  void nothingUsesTheInternalsOfTheJdk() {
    Walls.noInternals().check(CLASSES);
  }

  @Test
  void librariesDoNotPrint() {
    Walls.noStandardStreams(CODECS, TRANSPORT, RUDP, MULTICAST).check(CLASSES);
  }

  @Test
  void modulesDependOneWay() {
    Walls.knowsNothingOf(CODECS, TRANSPORT, RUDP, MULTICAST, BENCH).check(CLASSES);
    Walls.knowsNothingOf(TRANSPORT, RUDP, MULTICAST, BENCH).check(CLASSES);
    Walls.knowsNothingOf(RUDP, MULTICAST, BENCH).check(CLASSES);
    Walls.knowsNothingOf(MULTICAST, BENCH).check(CLASSES);
  }

  @Test
  void packagesDependOnEachOtherInNoCircle() {
    slices().matching("io.petrel.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void theWallsStopTrespassers() {
    String here = "io.petrel.bench.project.trespass..";
    stops(Walls.sansIo("io.petrel.bench.project.trespass.clock.."));
    stops(Walls.sansIo("io.petrel.bench.project.trespass.thread.."));
    stops(Walls.sansIo("io.petrel.bench.project.trespass.socket.."));
    stops(Walls.foreignOnlyIn(NATIVE));
    stops(Walls.noStandardStreams(here));
    stops(Walls.knowsNothingOf("io.petrel.bench.project.trespass.clock..", here));
    stops(slices().matching("io.petrel.bench.project.(**)").should().beFreeOfCycles());
  }

  private static void stops(ArchRule wall) {
    assertThrows(AssertionError.class, () -> wall.check(TRESPASSERS), wall.getDescription());
  }
}
