package io.petrel.bench.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Which rows a lossy run has. */
class LossyCellTest {
  private static List<String> labels(List<LossyCell> cells) {
    return cells.stream().map(LossyCell::label).toList();
  }

  @Test
  void aPeerWithAChoiceRunsWithEachController() {
    assertEquals(
        List.of("rudp/cubic", "rudp/bbr", "rudp/fixed", "tcp/cubic", "tcp/bbr", "udp"),
        labels(LossyCell.choose(List.of("rudp", "tcp", "udp"), null)));
  }

  @Test
  void oneControllerAloneLeavesPeersWithoutAChoiceAsTheyAre() {
    assertEquals(
        List.of("rudp/bbr", "tcp/bbr", "aeron/static", "aeron-cubic/cubic"),
        labels(LossyCell.choose(List.of("rudp", "tcp", "aeron", "aeron-cubic"), "bbr")));
  }

  @Test
  void aControllerThatAPeerLacksIsSkippedWithTheReason() {
    LossyCell cell = LossyCell.choose(List.of("tcp"), "fixed").getFirst();
    assertEquals("it has cubic, bbr and no fixed", cell.skipped());
  }

  @Test
  void aNameSaysThePeerAndItsController() {
    assertEquals("tcp/bbr", LossyCell.parse("tcp/bbr").label());
    assertEquals("rudp/cubic", LossyCell.parse("rudp").label());
    assertEquals("udp", LossyCell.parse("udp").label());
    assertThrows(IllegalArgumentException.class, () -> LossyCell.parse("tcp/vegas"));
    assertThrows(IllegalArgumentException.class, () -> LossyCell.parse("nonesuch"));
  }
}
