package io.petrel.rudp.recovery;

import java.util.Arrays;

/**
 * The packets sent and not yet done with, by packet number: a ring of cells.
 *
 * <pre>
 *   lowest                                          next
 *     |  acked  | lost | acked | in flight | ...      |
 *     +---------+------+-------+-----------+----------+
 * </pre>
 *
 * Numbers are given out in order of sending, so order of number is order of time. A cell lives
 * until everything below it is resolved too; a lost one is kept a while, since an acknowledgement
 * that comes after all says that it was declared lost wrongly. The ring doubles as it fills, up to
 * a bound; who would exceed the bound must give up the oldest first.
 *
 * <p>Beside each packet stand its pieces: which bytes of which stream it carried. They are held in
 * a second ring in the same order.
 */
public final class SentPackets {
  /** Carried no frame that asks for an acknowledgement; not in flight. */
  public static final int SILENT = 0;

  /** Sent, neither acknowledged nor given up. */
  public static final int IN_FLIGHT = 1;

  /** The peer has it. */
  public static final int ACKNOWLEDGED = 2;

  /** Given up; a late acknowledgement may still come. */
  public static final int LOST = 3;

  /** Left out on purpose: who acknowledges it, lies. */
  public static final int SKIPPED = 4;

  private static final int SMALLEST = 16;
  private static final int CELL = 4;
  private static final int SENT_NS = 0;
  private static final int FIRST_PIECE = 1;
  private static final int JUMP = 2;
  private static final int PACKED = 3;

  // PACKED: bytes 0-23, pieces 24-31, flags 32-47, state 48-55.
  private static final int PIECES_SHIFT = 24;
  private static final int FLAGS_SHIFT = 32;
  private static final int STATE_SHIFT = 48;
  private static final int PIECE_WORDS = 2;

  private final int limit;
  private long[] cells = new long[SMALLEST * CELL];
  private int mask = SMALLEST - 1;
  private long[] pieces = new long[SMALLEST * PIECE_WORDS];
  private int pieceMask = SMALLEST - 1;
  private long lowest;
  private long next;
  private long firstPiece;
  private long nextPiece;
  private long pendingPiece;

  /**
   * An empty table.
   *
   * @param limit the most packets ever tracked at once, a power of two.
   */
  public SentPackets(int limit) {
    if (limit < SMALLEST || Integer.bitCount(limit) != 1) {
      throw new IllegalArgumentException(
          "limit must be a power of two of at least " + SMALLEST + ", is " + limit);
    }
    this.limit = limit;
  }

  /** The oldest packet still tracked, or {@link #next()} when there is none. */
  public long lowest() {
    return lowest;
  }

  /** The number of the packet to be sent next. */
  public long next() {
    return next;
  }

  /** Leaves out a number, which no packet will ever carry. */
  public void skip() {
    appendCell(0, 0, 0, SKIPPED, 0); // pieces added already belong to the packet behind it
  }

  /** How many packets are tracked. */
  public int size() {
    return (int) (next - lowest);
  }

  /** The cells there are now; a packet's {@link #slot} is below. Doubles when it must. */
  public int slots() {
    return mask + 1;
  }

  /** The packet's place in arrays kept beside this table. */
  public int slot(long number) {
    return (int) number & mask;
  }

  /** Bytes that the table takes. */
  public long memoryBytes() {
    return (long) (cells.length + pieces.length) * Long.BYTES;
  }

  /** The most packets tracked at once. */
  public int limit() {
    return limit;
  }

  /** Whether the bound is reached: another packet cannot be tracked. */
  public boolean isFull() {
    return next - lowest >= limit;
  }

  /** Notes a piece of the packet that the coming {@link #append} will record. */
  public void addPiece(int stream, long position, int length) {
    if (nextPiece - firstPiece > pieceMask) {
      growPieces();
    }
    int at = (int) (nextPiece++ & pieceMask) * PIECE_WORDS;
    pieces[at] = position;
    pieces[at + 1] = ((long) stream << 32) | length;
  }

  /**
   * Records the packet with number {@link #next()} and the pieces added since the last.
   *
   * @return its number.
   */
  public long append(long nowNs, int bytes, int flags, boolean inFlight) {
    int pieceCount = (int) (nextPiece - pendingPiece);
    return appendCell(nowNs, bytes, flags, inFlight ? IN_FLIGHT : SILENT, pieceCount);
  }

  private long appendCell(long nowNs, int bytes, int flags, int state, int pieceCount) {
    if (next - lowest > mask) {
      growCells();
    }
    long number = next++;
    int at = cell(number);
    cells[at + SENT_NS] = nowNs;
    cells[at + FIRST_PIECE] = pendingPiece;
    cells[at + PACKED] =
        bytes
            | ((long) pieceCount << PIECES_SHIFT)
            | ((long) flags << FLAGS_SHIFT)
            | ((long) state << STATE_SHIFT);
    pendingPiece += pieceCount;
    return number;
  }

  /** Whether the number is that of a packet still tracked. */
  public boolean isTracked(long number) {
    return number - lowest >= 0 && number - next < 0;
  }

  /** {@link #SILENT}, {@link #IN_FLIGHT}, {@link #ACKNOWLEDGED} or {@link #LOST}. */
  public int state(long number) {
    return (int) (cells[cell(number) + PACKED] >>> STATE_SHIFT) & 0xFF;
  }

  /** The packet's bytes on the wire. */
  public int bytes(long number) {
    return (int) cells[cell(number) + PACKED] & 0xFF_FFFF;
  }

  /** The flags given at sending. */
  public int flags(long number) {
    return (int) (cells[cell(number) + PACKED] >>> FLAGS_SHIFT) & 0xFFFF;
  }

  /** When the packet was sent. */
  public long sentNs(long number) {
    return cells[cell(number) + SENT_NS];
  }

  /** How many pieces the packet carried. */
  public int pieceCount(long number) {
    return (int) (cells[cell(number) + PACKED] >>> PIECES_SHIFT) & 0xFF;
  }

  /** The stream of the packet's piece {@code index}. */
  public int pieceStream(long number, int index) {
    return (int) (pieces[piece(number, index) + 1] >>> 32);
  }

  /** The ring position of the packet's piece {@code index}. */
  public long piecePosition(long number, int index) {
    return pieces[piece(number, index)];
  }

  /** The length of the packet's piece {@code index}. */
  public int pieceLength(long number, int index) {
    return (int) pieces[piece(number, index) + 1];
  }

  /** The packet is given up. */
  public void markLost(long number) {
    setState(number, LOST);
  }

  /** The peer has the packet. */
  public void markAcknowledged(long number) {
    int at = cell(number);
    setState(number, ACKNOWLEDGED);
    cells[at + JUMP] = number + 1;
  }

  /**
   * All of {@code [from, to)} is acknowledged, so that the next acknowledgement of the same range
   * can be passed over in one step.
   */
  public void joinAcknowledged(long from, long to) {
    if (isTracked(from) && state(from) == ACKNOWLEDGED) {
      cells[cell(from) + JUMP] = to;
    }
  }

  /** The first number from {@code number} on that is not known to be acknowledged. */
  public long skipAcknowledged(long number) {
    long candidate = number;
    while (isTracked(candidate) && state(candidate) == ACKNOWLEDGED) {
      candidate = cells[cell(candidate) + JUMP];
    }
    return candidate;
  }

  /** Forgets the oldest packet. */
  public void removeLowest() {
    firstPiece = cells[cell(lowest) + FIRST_PIECE] + pieceCount(lowest);
    lowest++;
  }

  private int cell(long number) {
    return (int) (number & mask) * CELL;
  }

  private int piece(long number, int index) {
    return (int) ((cells[cell(number) + FIRST_PIECE] + index) & pieceMask) * PIECE_WORDS;
  }

  private void setState(long number, int state) {
    int at = cell(number) + PACKED;
    cells[at] = (cells[at] & ~(0xFFL << STATE_SHIFT)) | ((long) state << STATE_SHIFT);
  }

  private void growCells() {
    if (isFull()) {
      throw new IllegalStateException("the table is full: make room before appending");
    }
    int oldMask = mask;
    long[] old = cells;
    cells = new long[old.length * 2];
    mask = oldMask * 2 + 1;
    for (long number = lowest; number != next; number++) {
      System.arraycopy(old, (int) (number & oldMask) * CELL, cells, cell(number), CELL);
    }
  }

  private void growPieces() {
    int oldMask = pieceMask;
    long[] old = pieces;
    pieces = Arrays.copyOf(old, old.length * 2);
    pieceMask = oldMask * 2 + 1;
    for (long index = firstPiece; index != nextPiece; index++) {
      int from = (int) (index & oldMask) * PIECE_WORDS;
      int to = (int) (index & pieceMask) * PIECE_WORDS;
      pieces[to] = old[from];
      pieces[to + 1] = old[from + 1];
    }
  }
}
