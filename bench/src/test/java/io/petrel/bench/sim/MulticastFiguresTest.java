package io.petrel.bench.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.petrel.codecs.DatagramHeader;
import io.petrel.codecs.FrameHeader;
import io.petrel.codecs.wire.FanOutDataFrameDecoder;
import io.petrel.codecs.wire.FanOutHeartbeatFrameDecoder;
import io.petrel.multicast.flow.FlowMode;
import io.petrel.transport.simulation.DatagramFilter;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the fan-out promises, at a size that a build has time for. */
class MulticastFiguresTest {
  private static MulticastOptions options(int receivers, int messages) {
    MulticastOptions options = new MulticastOptions();
    options.receivers = receivers;
    options.messages = messages;
    return options;
  }

  private static MulticastResult runWhole(MulticastOptions options) {
    MulticastResult result = new MulticastSimulation(options).run();
    assertNull(result.failure(), result.json().toString());
    assertEquals(options.receivers, result.completeReceivers(), result.json().toString());
    assertTrue(result.injectedDrops() > 0, result.json().toString());
    return result;
  }

  @Test
  void theSameSeedGivesTheSameAndAnotherAnother() {
    MulticastOptions options = options(10, 500);
    options.loss = 0.02;
    String first = new MulticastSimulation(options).run().json().toString();
    String again = new MulticastSimulation(options).run().json().toString();
    options.seed = 2;
    String other = new MulticastSimulation(options).run().json().toString();

    assertEquals(first, again);
    assertNotEquals(first, other.replace("\"seed\":2", "\"seed\":1"));
  }

  @Test
  void independentLossAtAHundredCostsWhatTheorySays() {
    MulticastOptions options = options(100, 4_000);
    options.loss = 0.01;
    options.sharedLoss = 0.005;
    options.flow = FlowMode.SLOWEST;
    options.repairBudget = 1;
    MulticastResult result = runWhole(options);

    assertTrue(result.repairOverhead() <= 0.75, result.json().toString());
  }

  @ParameterizedTest
  @CsvSource({
    "PEERS, 0, 4",
    "SOURCE, 0, 8",
    "PEERS, 10, 12",
    "PEERS, 1000, 12",
    "SOURCE, 10, 12",
    "SOURCE, 1000, 12"
  })
  void fewOfAHundredAskForALossCommonToAll(
      MulticastOptions.Heard heard, int estimate, double most) {
    MulticastResult result = sharedLoss(heard, estimate);

    assertTrue(result.record().sharedEvents() >= 25, result.json().toString());
    assertTrue(result.record().naksPerSharedEvent() >= 1, result.json().toString());
    assertTrue(result.record().naksPerSharedEvent() <= most, result.json().toString());
  }

  private static MulticastResult sharedLoss(MulticastOptions.Heard heard, int estimate) {
    MulticastOptions options = options(100, 1_500);
    options.sharedLoss = 0.03;
    options.nakHeard = heard;
    options.groupSizeEstimate = estimate;
    return runWhole(options);
  }

  @Test
  void aUniformBackOffWouldNotDo() {
    MulticastOptions options = options(100, 600);
    options.sharedLoss = 0.03;
    options.law = () -> (uniform, longestNs, groupSize) -> (long) (uniform * longestNs);
    MulticastResult result = runWhole(options);

    assertTrue(result.record().naksPerSharedEvent() > 12, result.json().toString());
  }

  @Test
  void aLoneLossIsRepairedWithinAFewRoundTrips() {
    MulticastOptions options = options(100, 4_000);
    MulticastSimulation simulation = new MulticastSimulation(options);
    simulation.receiverLink(7).loss(0.01);
    MulticastResult result = simulation.run();

    assertEquals(100, result.completeReceivers(), result.json().toString());
    assertTrue(result.record().recoveries().getTotalCount() > 20, result.json().toString());
    assertTrue(MulticastResult.micros(result.record().recoveries(), 50) <= 600);
    assertTrue(MulticastResult.micros(result.record().recoveries(), 99) <= 800);
  }

  @Test
  void aCrybabyIsPutOutAndTheOthersHardlyNotice() {
    MulticastOptions clean = options(100, 12_000);
    double before =
        MulticastResult.micros(new MulticastSimulation(clean).run().record().latencies(), 99.9);
    MulticastOptions options = options(100, 12_000);
    options.crybaby = new MulticastOptions.Crybaby(1, 0.3);
    MulticastResult result = new MulticastSimulation(options).run();
    double after = MulticastResult.micros(result.record().latencies(), 99.9);

    String json = result.json().toString();
    assertTrue(result.isIntact(), json);
    assertEquals(99, result.completeReceivers(), json);
    assertEquals(1, result.excluded(), json);
    assertEquals(result.readers().getFirst().receiverId(), result.sender().excluded().getFirst());
    assertTrue(result.readers().getFirst().losses() > 0, "it was told what it lost");
    assertTrue(after <= 1.1 * before, before + " us before, " + after + " us with");
    assertTrue(result.record().mostRepairShare() <= options.repairBudget, json);
  }

  @Test
  void withTwoLinesOnlyWhatBothLostIsAskedFor() {
    MulticastOptions options = options(50, 5_000);
    options.lines = 2;
    options.lineLoss = 0.05;
    MulticastResult result = runWhole(options);

    assertTrue(result.record().sharedEvents() > 3, result.json().toString());
    assertEquals(result.record().sharedNaks(), result.record().naks(), result.json().toString());
  }

  @Test
  void aLineThatDiesIsSurvivedByTheOther() {
    MulticastOptions options = options(10, 10_000);
    options.lines = 2;
    MulticastSimulation simulation = new MulticastSimulation(options);
    simulation.sourceLink(1).blackhole(80_000_000, 10_000_000_000L);
    MulticastResult result = simulation.run();

    assertEquals(10, result.completeReceivers(), result.json().toString());
    assertEquals(0, result.record().naks(), result.json().toString());
    assertFalse(result.readers().getFirst().receivers().receiver(0).lines().line(1).isAlive());
  }

  @Test
  void aLostTailIsRepairedEvenIfTheFirstHeartbeatIsLostToo() {
    MulticastOptions options = options(10, 200);
    MulticastSimulation simulation = new MulticastSimulation(options);
    DatagramFilter lastMessage =
        (buffer, offset, length) ->
            template(buffer, offset) == FanOutDataFrameDecoder.TEMPLATE_ID
                && simulation.sender().offered() == options.messages;
    simulation.sourceLink(0).dropMatching(lastMessage, 1);
    simulation
        .sourceLink(0)
        .dropMatching(
            (buffer, offset, length) ->
                template(buffer, offset) == FanOutHeartbeatFrameDecoder.TEMPLATE_ID
                    && simulation.sender().offered() == options.messages,
            1);
    MulticastResult result = simulation.run();
    long tailNs = simulation.sender().intendedNs(options.messages - 1);

    assertEquals(10, result.completeReceivers(), result.json().toString());
    assertEquals(2, result.injectedDrops(), result.json().toString());
    double mostUs = 2 * 5_000 + 400 + 100;
    double tookUs = result.seconds() * 1e6 - tailNs / 1e3;
    assertTrue(tookUs <= mostUs, tookUs + " us of " + mostUs);
  }

  @Test
  void thirtyPercentLossBothWaysIsOvercome() {
    MulticastOptions options = options(4, 5_000);
    options.loss = 0.3;
    options.nakLoss = 0.3;
    options.repairBudget = 1;
    runWhole(options);
  }

  @Test
  void halfOfAllNaksAndRepairsLostIsOvercomeWithoutAStorm() {
    MulticastOptions options = options(20, 3_000);
    options.loss = 0.01;
    options.nakLoss = 0.5;
    options.repairLoss = 0.5;
    options.flow = FlowMode.SLOWEST;
    MulticastResult result = runWhole(options);

    assertTrue(result.naksPerReceiverAndRoundTrip() <= 2, result.json().toString());
  }

  private static int template(DirectBuffer buffer, int offset) {
    return FrameHeader.templateId(FrameHeader.read(buffer, offset + DatagramHeader.LENGTH));
  }

  @Test
  void joinersAndACrybabyGetEverythingFromTheJournalAndTheOthersHardlyNotice() {
    MulticastOptions clean = options(10, 30_000);
    clean.loss = 0.01;
    double before =
        MulticastResult.micros(new MulticastSimulation(clean).run().record().latencies(), 99);
    MulticastOptions options = options(10, 30_000);
    options.loss = 0.01;
    options.crybaby = new MulticastOptions.Crybaby(1, 0.3);
    options.joiners = 5;
    MulticastResult result = runWhole(options);
    double after = MulticastResult.micros(result.record().latencies(), 99);

    assertEquals(5, result.completeJoiners(), result.json().toString());
    assertEquals(1, result.excluded(), result.json().toString());
    assertTrue(result.replayedBytes() > 5 * 100_000, result.json().toString());
    assertTrue(after <= 1.1 * before, before + " us, with joiners " + after);
  }
}
