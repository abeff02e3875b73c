package io.petrel.bench.grid;

import java.util.List;

/**
 * What became of one command.
 *
 * @param run the command
 * @param state how it ended
 * @param seconds that it took
 * @param why it has not done all; empty if it has
 * @param lines of JSON that it wrote
 * @param text that it printed
 */
record Outcome(
    GridRun run, State state, double seconds, String why, List<String> lines, String text) {
  /** How a command ended. */
  enum State {
    /** All is there. */
    DONE,
    /** It ended with a complaint; what it wrote before is there. */
    FAILED,
    /** The report was interrupted meanwhile, or before. */
    MISSING
  }

  static Outcome missing(GridRun run) {
    return new Outcome(run, State.MISSING, 0, "interrupted before it began", List.of(), "");
  }
}
