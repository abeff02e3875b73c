package io.petrel.samples;

import java.io.PrintStream;

/**
 * A sample as the list shows it.
 *
 * @param name what it is called on the command line
 * @param line what it shows, in one line
 * @param program to run
 */
public record Sample(String name, String line, Program program) {
  /** What a sample does. */
  @FunctionalInterface
  public interface Program {
    /**
     * Runs to its end, a second or so.
     *
     * @param out takes what it has to say
     * @throws Exception what went wrong
     */
    void run(PrintStream out) throws Exception;
  }
}
