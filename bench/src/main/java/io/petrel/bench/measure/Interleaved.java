package io.petrel.bench.measure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Runs cases in turn, round after round, so that what befalls the machine befalls all of them:
 *
 * <pre>
 *   warm-up   a b c
 *   round 1   a b c
 *   round 2   b c a      each begins once: nobody is always first
 *   ...
 * </pre>
 */
public final class Interleaved {
  private Interleaved() {}

  /**
   * Runs all cases.
   *
   * @param cases what to compare
   * @param warmUps rounds that are run and forgotten
   * @param rounds rounds that count
   * @param round runs one case once
   * @return the results of each case, in the order of the rounds
   * @param <C> a case
   * @param <R> what one round of it gives
   */
  public static <C, R> Map<C, List<R>> run(
      List<C> cases, int warmUps, int rounds, Function<C, R> round) {
    Map<C, List<R>> results = new LinkedHashMap<>();
    cases.forEach(one -> results.put(one, new ArrayList<>()));
    for (int i = -warmUps; i < rounds; i++) {
      for (int j = 0; j < cases.size(); j++) {
        C one = cases.get(Math.floorMod(i + j, cases.size()));
        R result = round.apply(one);
        if (i >= 0) {
          results.computeIfAbsent(one, absent -> new ArrayList<>()).add(result);
        }
      }
    }
    return results;
  }
}
