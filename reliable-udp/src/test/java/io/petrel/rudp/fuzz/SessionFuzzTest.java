package io.petrel.rudp.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a network and a peer do to a pair of sessions: nothing is thrown, memory stays bounded,
 * no turn lasts for ever, a session left alone ends; and if datagrams were only lost, late or
 * doubled, everything arrives once they no longer are. As part of the build this runs over scripts
 * of a generator and over what fuzzing came up with, kept in src/test/resources/fuzz; an input that
 * fails is kept by Jazzer among this class's resources. To fuzz:
 *
 * <pre>
 * JAZZER_FUZZ=1 mvn -pl reliable-udp test -Dpetrel.fuzz.hooks=true -Dtest='SessionFuzzTest'
 * </pre>
 */
class SessionFuzzTest {
  private static final int SCRIPTS = 60;
  private static final int LONGEST = 1_500;

  static Stream<byte[]> keepsItsPromises() throws IOException {
    Stream<byte[]> found =
        Files.readAllLines(Path.of("src/test/resources/fuzz/sessions.hex")).stream()
            .filter(line -> !line.startsWith("#"))
            .map(HexFormat.of()::parseHex);
    return Stream.concat(found, generated());
  }

  /** Half of them only lose and delay; the others change datagrams as well. */
  private static Stream<byte[]> generated() {
    return Stream.iterate(0, seed -> seed + 1)
        .limit(SCRIPTS)
        .map(seed -> {
          SplittableRandom random = new SplittableRandom(seed);
          byte[] script = new byte[random.nextInt(100, LONGEST)];
          random.nextBytes(script);
          for (int i = 1; seed % 2 == 0 && i < script.length; i++) {
            int step = random.nextInt(12);
            script[i] = (byte) (step >= 4 && step < 8 ? step - 4 : step);
          }
          byte[] opening = {0, 8, 0, 0, 8, 1, 1, 9, 0, 0, 40, 9, 1, 1, 40, 0, 0, 0, 1};
          System.arraycopy(opening, 0, script, 0, opening.length);
          script[0] = seed.byteValue();
          return script;
        });
  }

  @MethodSource
  @FuzzTest(maxDuration = "5m")
  void keepsItsPromises(byte[] script) {
    new FuzzedPair(script).run();
  }
}
