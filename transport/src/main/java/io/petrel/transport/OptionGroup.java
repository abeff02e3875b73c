package io.petrel.transport;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Options that are understood in one place.
 *
 * @param title of the place, such as {@code tcp://}
 * @param doc a sentence for the reference page
 * @param inUri whether they may stand in a URI
 * @param options in the order of the reference page
 */
public record OptionGroup(String title, String doc, boolean inUri, List<Option<?>> options) {
  /** Copies the list. */
  public OptionGroup {
    options = List.copyOf(options);
  }

  /**
   * The option of a name.
   *
   * @param name as in a URI
   * @return if there is one
   */
  public Optional<Option<?>> find(String name) {
    return options.stream().filter(option -> option.name().equals(name)).findFirst();
  }

  /**
   * Says of an unknown name what was probably meant.
   *
   * @param what is unknown, such as {@code option}
   * @param name that was given
   * @param known names that exist
   * @return one line
   */
  public static String unknown(String what, String name, Collection<String> known) {
    String nearest = null;
    int least = Math.max(2, name.length() / 3) + 1;
    for (String candidate : known) {
      int distance = editDistance(name, candidate);
      if (distance < least) {
        least = distance;
        nearest = candidate;
      }
    }
    return what
        + " '"
        + name
        + "' is unknown"
        + (nearest == null ? "" : "; did you mean '" + nearest + "'?")
        + " Known: "
        + known.stream().sorted().distinct().collect(Collectors.joining(", "));
  }

  /** Letters to insert, delete, replace or swap with their neighbour, to make one of the other. */
  private static int editDistance(String from, String to) {
    int[][] distance = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        if (i == 0 || j == 0) {
          distance[i][j] = i + j;
          continue;
        }
        int replaced = distance[i - 1][j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        int best = Math.min(replaced, 1 + Math.min(distance[i - 1][j], distance[i][j - 1]));
        if (i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1)) {
          best = Math.min(best, distance[i - 2][j - 2] + 1);
        }
        distance[i][j] = best;
      }
    }
    return distance[from.length()][to.length()];
  }
}
