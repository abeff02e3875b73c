package io.petrel.transport.ipc;

import io.petrel.transport.Option;
import io.petrel.transport.OptionGroup;
import io.petrel.transport.Options;
import java.util.List;

/** What an {@code ipc://} URI may say. */
final class IpcOptions {
  /** What becomes of a subscription that does not keep up. */
  enum Slow {
    /** Publishers wait for it. */
    BLOCK,
    /** Publishers overtake it, and it is told what it lost. */
    DROP
  }

  static final Option<Slow> SLOW =
      Option.choice(
          "slow",
          Slow.BLOCK,
          "What becomes of a subscription that does not keep up: publishers wait for it (block), or"
              + " overtake it, and it is told of the loss in order with the data (drop).");

  static final OptionGroup GROUP =
      new OptionGroup(
          "ipc://",
          "Shared memory: ipc://name. The first opener's ring is everybody's.",
          true,
          List.of(Options.STREAM, Options.RING, SLOW, Options.LINGER, Options.CLAIM_TIMEOUT));

  private IpcOptions() {}
}
