package io.petrel.transport.journal.chronicle;

import io.petrel.transport.journal.JournalException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The small file that makes a directory a journal: its version and the entries that are void, torn
 * by a crash or truncated. Replaced as a whole, so that readers see the old one or the new.
 *
 * <pre>
 *   petrel-journal 1
 *   torn FROM_INDEX TO_INDEX
 *   cut FROM_INDEX TO_INDEX SESSION STREAM POSITION
 *   crc HEX
 * </pre>
 */
final class JournalMark {
  static final String NAME = "petrel-journal";
  private static final String TITLE = "petrel-journal ";

  /** Far above what crashes leave; what is retained no longer is dropped from the list. */
  private static final int MAX_VOIDS = 10_000;

  /** Entries that count no more: all in the index range, or those of a stream at a position. */
  private record Gone(
      long fromIndex, long toIndex, boolean all, long session, int stream, long position) {
    boolean covers(long index) {
      return index >= fromIndex && index <= toIndex;
    }

    String line() {
      return all
          ? "torn " + fromIndex + ' ' + toIndex
          : "cut " + fromIndex + ' ' + toIndex + ' ' + session + ' ' + stream + ' ' + position;
    }
  }

  private final Path file;
  private final List<Gone> voids = new ArrayList<>();

  private JournalMark(Path file) {
    this.file = file;
  }

  /** Of a journal that is there. */
  static JournalMark read(Path directory) {
    JournalMark mark = new JournalMark(directory.resolve(NAME));
    mark.load();
    return mark;
  }

  /** Of a journal that is there or, in a directory without files of a queue, begins here. */
  static JournalMark readOrCreate(Path directory) {
    JournalMark mark = new JournalMark(directory.resolve(NAME));
    if (Files.exists(mark.file)) {
      mark.load();
    } else if (!Segments.files(directory).isEmpty()) {
      throw new JournalException(
          "refusing '" + directory + "': it holds a queue that is no journal; name another");
    } else {
      mark.store();
    }
    return mark;
  }

  /** Reads again what another process may have written. */
  void load() {
    String text;
    try {
      text = Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new JournalException("there is no journal in '" + file.getParent() + "'", e);
    } catch (IOException e) {
      throw new JournalException("cannot read '" + file + "': " + e, e);
    }
    List<String> lines = text.lines().toList();
    if (lines.isEmpty() || !lines.getFirst().startsWith(TITLE)) {
      throw refused("it does not begin as a journal's mark does");
    }
    String version = lines.getFirst().substring(TITLE.length());
    if (!version.equals(Integer.toString(EntryCodec.VERSION))) {
      throw refused("it is of version " + version + ", this is " + EntryCodec.VERSION);
    }
    int end = text.lastIndexOf("crc ");
    if (end < 0 || !text.substring(end).equals(crcLine(text.substring(0, end)))) {
      throw refused("it is damaged: its checksum does not match");
    }
    voids.clear();
    for (String line : lines.subList(1, lines.size() - 1)) {
      voids.add(parse(line));
    }
  }

  private Gone parse(String line) {
    String[] words = line.split(" ", -1);
    try {
      long from = Long.parseLong(words[1]);
      long to = Long.parseLong(words[2]);
      if (words[0].equals("torn")) {
        return new Gone(from, to, true, 0, 0, 0);
      }
      return new Gone(
          from,
          to,
          false,
          Long.parseLong(words[3]),
          Integer.parseInt(words[4]),
          Long.parseLong(words[5]));
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      throw refused("its line '" + line + "' means nothing here");
    }
  }

  private JournalException refused(String why) {
    return new JournalException("refusing '" + file + "': " + why);
  }

  private static String crcLine(String text) {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return "crc " + Long.toHexString(crc.getValue()) + "\n";
  }

  private void store() {
    StringBuilder text = new StringBuilder(TITLE + EntryCodec.VERSION + "\n");
    for (Gone each : voids) {
      text.append(each.line()).append('\n');
    }
    text.append(crcLine(text.toString()));
    Path unfinished = file.resolveSibling(NAME + ".unfinished");
    try {
      try (FileChannel channel =
          FileChannel.open(
              unfinished,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new JournalException("cannot write '" + file + "': " + e + "; make room there", e);
    }
  }

  /** All entries in the range were torn. */
  void addTorn(long fromIndex, long toIndex) {
    add(new Gone(fromIndex, toIndex, true, 0, 0, 0));
  }

  /** The entries of a stream at or behind a position, in an index range, were truncated. */
  void addCut(long fromIndex, long toIndex, long session, int stream, long position) {
    add(new Gone(fromIndex, toIndex, false, session, stream, position));
  }

  private void add(Gone added) {
    if (voids.size() == MAX_VOIDS) {
      throw refused("it has its " + MAX_VOIDS + " marks; record into another journal");
    }
    voids.add(added);
    store();
  }

  /** Forgets what concerns entries that are no longer there. */
  void retainFrom(long firstIndex) {
    if (voids.removeIf(each -> each.toIndex < firstIndex)) {
      store();
    }
  }

  /** Whether an entry was torn. */
  boolean isTorn(long index) {
    for (int i = 0; i < voids.size(); i++) {
      Gone each = voids.get(i);
      if (each.all && each.covers(index)) {
        return true;
      }
    }
    return false;
  }

  /** Where the entry was cut: its end position where it was not. */
  long endOf(long index, long session, int stream, long endPosition) {
    long end = endPosition;
    for (int i = 0; i < voids.size(); i++) {
      Gone each = voids.get(i);
      if (!each.all && each.covers(index) && each.session == session && each.stream == stream) {
        end = Math.min(end, each.position);
      }
    }
    return end;
  }
}
