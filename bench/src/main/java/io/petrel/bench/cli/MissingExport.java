package io.petrel.bench.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Agrona reaches into the JDK. The manifest of the executable jar opens the way; who starts the
 * classes otherwise gets an {@link IllegalAccessError} that names no remedy. This one does.
 */
public final class MissingExport {
  private static final Pattern NOT_EXPORTED =
      Pattern.compile("module (\\S+) does not export (\\S+) to");

  private MissingExport() {}

  /**
   * The flag that mends a failed start.
   *
   * @param failure what came out of the start
   * @return one line with the exact flag, or null when the failure is of another kind
   */
  public static @Nullable String remedy(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String message = cause.getMessage();
      Matcher matcher = NOT_EXPORTED.matcher(message == null ? "" : message);
      if (matcher.find()) {
        return "the JVM was started without a flag that is needed; add: --add-exports "
            + matcher.group(1)
            + "/"
            + matcher.group(2)
            + "=ALL-UNNAMED";
      }
    }
    return null;
  }
}
