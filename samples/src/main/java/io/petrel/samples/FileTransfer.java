package io.petrel.samples;

import io.petrel.samples.support.LossyPath;
import io.petrel.samples.support.Patience;
import io.petrel.transport.Claim;
import io.petrel.transport.Header;
import io.petrel.transport.Petrel;
import io.petrel.transport.Publication;
import io.petrel.transport.Subscription;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Random;
import org.agrona.DirectBuffer;

/**
 * A file from one process to another, through a path that loses datagrams.
 *
 * <p>The first message says how long the file is and what its SHA-256 is, the others are pieces of
 * it, in order. The application knows nothing of the loss.
 */
public final class FileTransfer {
  private static final int FILE_LENGTH = 1 << 20;
  private static final int PIECE_LENGTH = 16 << 10;
  private static final int HASH_LENGTH = 32;
  private static final double LOSS = 0.02;

  private FileTransfer() {}

  /**
   * Runs it alone.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) throws Exception {
    run(System.out);
  }

  static void run(PrintStream out) throws Exception {
    Path file = Files.createTempFile("petrel-sent", ".bin");
    Path copy = Files.createTempFile("petrel-received", ".bin");
    try {
      byte[] content = new byte[FILE_LENGTH];
      new Random(1).nextBytes(content);
      Files.write(file, content);
      transfer(file, copy, out);
    } finally {
      Files.delete(file);
      Files.delete(copy);
    }
  }

  private static void transfer(Path file, Path copy, PrintStream out) throws Exception {
    try (Petrel here = Petrel.launch();
        Petrel there = Petrel.launch();
        Subscription in = there.subscribe("rudp://127.0.0.1:0");
        LossyPath path = new LossyPath(Objects.requireNonNull(in.localAddress()), LOSS, 1);
        Receiver receiver = new Receiver(copy);
        Sender sender = new Sender(file, here.publishExclusive(path.uri()))) {
      Patience patience = new Patience("a piece of the file");
      while (!receiver.isComplete()) {
        int work = sender.work();
        work += path.work();
        work += in.poll(receiver::onMessage, 64);
        patience.idle(work);
      }
      byte[] hash = hashOf(copy);
      if (!Arrays.equals(hash, receiver.promisedHash)) {
        throw new IllegalStateException("the copy differs from the file");
      }
      out.printf(
          "%d bytes arrived intact (SHA-256 %s...); the path lost %d of %d datagrams%n",
          Files.size(copy),
          HexFormat.of().formatHex(hash, 0, 4),
          path.lost(),
          path.lost() + path.passed());
    }
  }

  private static byte[] hashOf(Path file) throws Exception {
    return MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
  }

  /** Reads the file straight into the ring. */
  private static final class Sender implements AutoCloseable {
    private final FileChannel file;
    private final Publication out;
    private final byte[] hash;
    private final Claim claim = new Claim();
    private final ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_LENGTH);
    private boolean announced;

    Sender(Path path, Publication out) throws Exception {
      this.out = out;
      hash = hashOf(path);
      file = FileChannel.open(path, StandardOpenOption.READ);
    }

    int work() throws IOException {
      int sent = 0;
      if (!announced && out.tryClaim(Long.BYTES + HASH_LENGTH, claim) > 0) {
        claim.buffer().putLong(0, file.size());
        claim.buffer().putBytes(Long.BYTES, hash);
        claim.commit();
        announced = true;
        sent++;
      }
      while (announced && file.position() < file.size() && sendPiece()) {
        sent++;
      }
      return sent;
    }

    private boolean sendPiece() throws IOException {
      int length = (int) Math.min(PIECE_LENGTH, file.size() - file.position());
      if (out.tryClaim(length, claim) < 0) {
        return false; // the ring is full of what is not acknowledged yet: later
      }
      piece.clear().limit(length);
      while (piece.hasRemaining() && file.read(piece) >= 0) {
        // a file may give less than was asked for
      }
      claim.buffer().putBytes(0, piece.flip(), piece.limit());
      claim.commit();
      return true;
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  /** Writes what comes, in the order in which it comes. */
  private static final class Receiver implements AutoCloseable {
    private final FileChannel file;
    private final byte[] promisedHash = new byte[HASH_LENGTH];
    private final ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_LENGTH);
    private long promisedLength = -1;
    private long written;

    Receiver(Path path) throws IOException {
      file = FileChannel.open(path, StandardOpenOption.WRITE);
    }

    boolean isComplete() {
      return written == promisedLength;
    }

    void onMessage(DirectBuffer buffer, int offset, int length, Header header) {
      if (promisedLength < 0) {
        promisedLength = buffer.getLong(offset);
        buffer.getBytes(offset + Long.BYTES, promisedHash);
        return;
      }
      piece.clear();
      buffer.getBytes(offset, piece, length);
      piece.flip();
      try {
        while (piece.hasRemaining()) {
          written += file.write(piece);
        }
      } catch (IOException e) {
        throw new UncheckedIOException("cannot write the copy", e);
      }
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
