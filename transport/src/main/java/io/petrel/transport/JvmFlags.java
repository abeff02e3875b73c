package io.petrel.transport;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The flags that a JVM needs to run Petrel. Agrona reaches into the JDK, and the native port into
 * the system; the manifest of an executable jar can open both ways, else the command line must.
 * What the JVM throws without them names no remedy. This does.
 */
public final class JvmFlags {
  private static final Pattern NOT_EXPORTED =
      Pattern.compile("module (\\S+) does not export (\\S+) to");
  private static final String NATIVE_ACCESS_DENIED = "Illegal native access";

  private JvmFlags() {}

  /**
   * The flag that mends a failure.
   *
   * @param failure what was thrown, by a launch for example
   * @return one line with the exact flag, or null when the failure is of another kind
   */
  public static @Nullable String remedyFor(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage());
      Matcher matcher = NOT_EXPORTED.matcher(message);
      if (matcher.find()) {
        return line("--add-exports " + matcher.group(1) + "/" + matcher.group(2) + "=ALL-UNNAMED");
      }
      if (message.contains(NATIVE_ACCESS_DENIED)) {
        return line("--enable-native-access=ALL-UNNAMED");
      }
    }
    return null;
  }

  private static String line(String flag) {
    return "the JVM was started without a flag that is needed; add: " + flag;
  }
}
