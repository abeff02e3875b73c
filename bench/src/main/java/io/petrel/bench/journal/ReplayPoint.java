package io.petrel.bench.journal;

import io.petrel.bench.cli.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/**
 * How far a replay has got: the last message whose receiver has it.
 *
 * @param index of the message's entry
 * @param sessionId of the message as recorded
 * @param stream of the session
 * @param position where the message ended
 */
record ReplayPoint(long index, long sessionId, int stream, long position) {
  private static final String TITLE = "petrel-replay-1";

  /** From the file of an earlier replay; null when there is none yet. */
  static @Nullable ReplayPoint read(Path file) {
    if (!Files.exists(file)) {
      return null;
    }
    try {
      String[] words = Files.readString(file).strip().split(" ", -1);
      if (words.length == 5 && words[0].equals(TITLE)) {
        return new ReplayPoint(
            Long.parseLong(words[1]),
            Long.parseLong(words[2]),
            Integer.parseInt(words[3]),
            Long.parseLong(words[4]));
      }
    } catch (IOException | NumberFormatException e) {
      throw new CommandFailure("cannot resume from '" + file + "': " + e, e);
    }
    throw new CommandFailure("cannot resume from '" + file + "': no replay wrote it");
  }

  void write(Path file) {
    Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
    try {
      Files.writeString(
          unfinished, TITLE + ' ' + index + ' ' + sessionId + ' ' + stream + ' ' + position + "\n");
      Files.move(
          unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new CommandFailure("cannot write '" + file + "': " + e, e);
    }
  }

  /** Whether a message came no later than this one. */
  boolean covers(long session, int ofStream, long endPosition) {
    return session == sessionId && ofStream == stream && endPosition <= position;
  }
}
