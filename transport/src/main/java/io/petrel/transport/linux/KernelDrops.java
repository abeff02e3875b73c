package io.petrel.transport.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How many datagrams the kernel dropped at a socket for want of room: the last column of {@code
 * /proc/net/udp} in the line with the socket's inode. The same count comes as a control message
 * (SO_RXQ_OVFL), which a plain {@code recv} cannot read.
 */
final class KernelDrops {
  static final long UNKNOWN = -1;

  private static final Pattern SOCKET_LINK = Pattern.compile("socket:\\[(\\d+)]");
  private static final int INODE_COLUMN = 9;
  private static final int DROPS_COLUMN = 12;

  private KernelDrops() {}

  /** The socket's count, or {@link #UNKNOWN} where the file system of processes is not mounted. */
  static long read(LinuxSocket socket) {
    long inode = inode(socket);
    if (inode == 0) {
      return UNKNOWN;
    }
    try {
      Path table = Path.of(socket.isIpv6() ? "/proc/net/udp6" : "/proc/net/udp");
      return find(table, Long.toString(inode));
    } catch (IOException e) {
      return UNKNOWN;
    }
  }

  /** The socket's number in that table; 0 where it cannot be known. */
  static long inode(LinuxSocket socket) {
    try {
      Path link = Path.of("/proc/self/fd/" + socket.descriptor());
      Matcher inode = SOCKET_LINK.matcher(Files.readSymbolicLink(link).toString());
      return inode.matches() ? Long.parseLong(inode.group(1)) : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  private static long find(Path table, String inode) throws IOException {
    try (Stream<String> lines = Files.lines(table, StandardCharsets.US_ASCII)) {
      return lines
          .map(line -> line.trim().split("\\s+"))
          .filter(columns -> columns.length > DROPS_COLUMN && columns[INODE_COLUMN].equals(inode))
          .mapToLong(columns -> Long.parseLong(columns[DROPS_COLUMN]))
          .findFirst()
          .orElse(UNKNOWN);
    }
  }
}
