package io.petrel.bench.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class RudpCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String options) {
    CommandLine command = new CommandLine(new RudpCommand());
    command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    command.setExecutionExceptionHandler((e, line, result) -> {
      line.getErr().println(e.getMessage());
      return 1;
    });
    return command.execute(options.split(" "));
  }

  private String json(String options) {
    out.getBuffer().setLength(0);
    assertEquals(0, run(options + " --json -"), err.toString());
    return out.toString();
  }

  @Test
  void printsTheSameBytesForTheSameSeedAndOthersForAnother() {
    String options =
        "--bytes 200kB --loss 2% --loss-back 1% --jitter 1ms --reorder 1%:3ms --duplicate 1%"
            + " --corrupt 1% --burst 2 --seed ";
    String first = json(options + 7);
    assertEquals(first, json(options + 7));
    assertNotEquals(first.replace("\"seed\":7", ""), json(options + 8).replace("\"seed\":8", ""));
    for (String fault : new String[] {"drops", "reorders", "duplicates", "corruptions"}) {
      assertTrue(first.matches("(?s).*\"injected_" + fault + "\":[1-9].*"), first);
    }
    assertTrue(first.contains("\"completed\":true,\"intact\":true"), first);
  }

  @Test
  void deliversNearlyTheWholeRateOfALinkWithoutLoss() {
    String line = json("--bytes 10MB --rate 10mbit --delay 15ms --queue 30ms --cc cubic");
    double seconds = Double.parseDouble(line.replaceAll("(?s).*\"seconds\":([0-9.]+).*", "$1"));
    assertTrue(seconds > 8 && seconds < 9.2, seconds + " s");
  }

  @Test
  void losesNothingAndLittleTimeWhenTheSendersAddressChanges() {
    String line = json("--bytes 10MB --rate 10mbit --delay 15ms --rebind 1s,3s,6s");
    double seconds = Double.parseDouble(line.replaceAll("(?s).*\"seconds\":([0-9.]+).*", "$1"));
    assertTrue(seconds > 8 && seconds < 10, seconds + " s");
    assertTrue(line.contains("\"rebinds\":3,\"validations\":3"), line);
    assertTrue(line.contains("\"completed\":true,\"intact\":true"), line);
  }

  @Test
  void printsForPeopleWithoutJson() {
    assertEquals(0, run("--messages 10 --size 100"), err.toString());
    assertTrue(out.toString().startsWith("delivered     1000 bytes"), out.toString());
  }

  @Test
  void saysWhatWasNotDeliveredInTime() {
    assertEquals(1, run("--bytes 10MB --rate 1mbit --limit 1s"));
    assertTrue(
        err.toString().contains("not everything was delivered within 1.0 s"), err.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "--bytes 1MB --messages 3 | exclude each other",
        "--flows 0 | --flows must be from 1 to 1000",
        "--burst 0.5 | --burst must be 1 or more",
        "--loss 100% | --loss must be below 100%",
        "--rebind never | --rebind",
        "--queue many | 'many' is not a queue such as 25p",
        "--mtu 100 | --mtu must be from 576",
        "--size 1MiB --ring 64KiB | make --ring larger",
        "--cc reno | no such controller"
      })
  void namesAWrongOption(String options, String complaint) {
    assertNotEquals(0, run(options));
    assertTrue(err.toString().contains(complaint), err.toString());
    assertEquals("", out.toString());
  }
}
