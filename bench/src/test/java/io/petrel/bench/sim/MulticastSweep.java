package io.petrel.bench.sim;

import io.petrel.bench.cli.LinkQuantities;
import io.petrel.multicast.flow.FlowMode;
import io.petrel.transport.simulation.SeededRandom;
import org.jspecify.annotations.Nullable;

/** Random fan-outs, each by its seed alone. */
final class MulticastSweep {
  private static final double[] LOSSES = {0, 0.001, 0.01, 0.05, 0.2};

  private MulticastSweep() {}

  static MulticastOptions options(long seed) {
    SeededRandom random = new SeededRandom(seed).fork("multicast sweep");
    MulticastOptions options = new MulticastOptions();
    options.seed = seed;
    options.receivers = random.between(1, 12);
    options.messages = random.between(50, 600);
    options.messageBytes = random.between(8, 3_000);
    options.messageRate = random.between(2_000, 200_000);
    options.burst = random.between(1, 20);
    options.roundTripNs = random.between(20, 2_000) * 1_000L;
    options.rateBitsPerSecond = 1_000_000L * random.between(200, 4_000);
    options.loss = pick(random);
    options.sharedLoss = pick(random);
    options.nakLoss = pick(random);
    options.repairLoss = pick(random);
    options.lines = random.between(1, 2);
    options.lineLoss = options.lines == 2 ? pick(random) : 0;
    options.nakHeard =
        random.chance(0.5) ? MulticastOptions.Heard.PEERS : MulticastOptions.Heard.SOURCE;
    options.flow = random.chance(0.5) ? FlowMode.SLOWEST : FlowMode.FASTEST;
    options.duplicate = random.chance(0.3) ? 0.02 : 0;
    options.corrupt = random.chance(0.3) ? 0.01 : 0;
    if (random.chance(0.4)) {
      options.reordering =
          new LinkQuantities.Reordering(0.02, random.between(1, 3) * options.roundTripNs);
    }
    if (random.chance(0.2) && options.receivers > 1) {
      options.crybaby = new MulticastOptions.Crybaby(1, 0.4);
    }
    options.ringBytes = 1L << random.between(15, 20);
    return options;
  }

  private static double pick(SeededRandom random) {
    return LOSSES[random.between(0, LOSSES.length - 1)];
  }

  /** What is wrong with a result, in a sentence; null when nothing is. */
  static @Nullable String breach(MulticastOptions options, MulticastResult result) {
    if (result.failure() != null) {
      return result.failure();
    }
    if (result.sender().offered() < options.messages) {
      return "only " + result.sender().offered() + " messages were sent";
    }
    for (MulticastReader reader : result.readers()) {
      if (!reader.isComplete(options.messages) && reader.losses() == 0) {
        return reader + " got " + reader.delivered() + " messages and was told of no loss";
      }
    }
    boolean waits = options.flow == FlowMode.SLOWEST && options.crybaby.receivers() == 0;
    if (waits
        && result.excluded() == 0
        && result.sender().source().group().evictions() == 0
        && result.completeReceivers() < options.receivers) {
      return result.completeReceivers() + " complete though the source waits for all";
    }
    if (result.naksPerReceiverAndRoundTrip() > 2.1) {
      return result.naksPerReceiverAndRoundTrip() + " NAKs a receiver and round trip";
    }
    return null;
  }
}
