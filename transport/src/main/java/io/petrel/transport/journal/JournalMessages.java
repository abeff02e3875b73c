package io.petrel.transport.journal;

import io.petrel.transport.Header;
import io.petrel.transport.SessionInfo;
import io.petrel.transport.ring.RecordLayout;
import java.util.function.Predicate;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The messages in a journal, one after the other, as their recorder received them. For one thread.
 */
public final class JournalMessages {
  /** No ring takes a longer message. */
  private static final int MAX_RECORD = RecordLayout.MAX_CAPACITY / 8 + RecordLayout.HEADER_LENGTH;

  private static final Header NOBODY = new Header(new SessionInfo(0, 0, null));

  /** Told of what the journal lacks. */
  @FunctionalInterface
  public interface LossHandler {
    /**
     * The next message is behind it.
     *
     * @param session whose bytes are missing
     * @param fromPosition first byte that is
     * @param toPosition first byte that is not
     */
    void onLoss(SessionInfo session, long fromPosition, long toPosition);
  }

  private final JournalReader reader;
  private final Predicate<JournalEntry> wanted;
  private final LossHandler losses;
  private final JournalEntry entry = new JournalEntry();
  private final UnsafeBuffer longRecord = new UnsafeBuffer(0, 0);

  private Header header = NOBODY;
  private DirectBuffer source = longRecord;
  private int cursor;
  private int end;
  private long expected = -1;
  private int gathered;

  private DirectBuffer buffer = longRecord;
  private int offset;
  private int length;

  /**
   * Reads on from where a reader stands.
   *
   * @param reader moved by this; stays the caller's to close
   * @param wanted which entries
   * @param losses told of what is missing in them
   */
  public JournalMessages(JournalReader reader, Predicate<JournalEntry> wanted, LossHandler losses) {
    this.reader = reader;
    this.wanted = wanted;
    this.losses = losses;
  }

  /** Forgets where it was: the reader was moved. */
  public void restart() {
    cursor = 0;
    end = 0;
    gathered = 0;
    expected = -1;
    header = NOBODY;
  }

  /**
   * Goes to the next message.
   *
   * @return false when there is none yet; ask again
   * @throws JournalException when the journal is damaged
   */
  public boolean next() {
    while (true) {
      while (cursor < end) {
        if (record()) {
          return true;
        }
      }
      if (!reader.next(entry)) {
        return false;
      }
      if (wanted.test(entry)) {
        begin();
      }
    }
  }

  private void begin() {
    cursor = 0;
    end = 0;
    SessionInfo session = header.session();
    boolean same =
        header != NOBODY
            && session.sessionId() == entry.sessionId()
            && session.stream() == entry.stream();
    if (!same) {
      giveUpLong();
      header = new Header(new SessionInfo(entry.sessionId(), entry.stream(), null));
    } else if (entry.endPosition() <= expected) {
      return; // had already
    }
    if (entry.isLoss()) {
      giveUpLong();
      losses.onLoss(header.session(), entry.position(), entry.endPosition());
    } else if (gathered > 0 && entry.position() == expected) {
      end = entry.length();
    } else {
      giveUpLong();
      boolean some = entry.firstRecordOffset() >= 0;
      cursor = some ? Math.min(entry.firstRecordOffset(), entry.length()) : entry.length();
      end = entry.length();
    }
    source = entry.buffer();
    expected = entry.endPosition();
  }

  /** A long record whose end is not there, cut off by a truncation or a crash. */
  private void giveUpLong() {
    if (gathered > 0) {
      losses.onLoss(header.session(), expected - gathered, expected);
      gathered = 0;
    }
  }

  /** One record on; whether it is a message, and all of it there. */
  private boolean record() {
    int at = entry.offset() + cursor;
    int left = end - cursor;
    if (gathered > 0) {
      int more = Math.min(left, longRecord.capacity() - gathered);
      longRecord.putBytes(gathered, source, at, more);
      gathered += more;
      cursor += more;
      if (gathered < longRecord.capacity()) {
        return false;
      }
      gathered = 0;
      int whole = RecordLayout.recordLength(longRecord.getLong(0));
      return show(longRecord, 0, whole);
    }
    long word = left < RecordLayout.HEADER_LENGTH ? 0 : source.getLong(at);
    int recordLength = RecordLayout.recordLength(word);
    if (recordLength < RecordLayout.HEADER_LENGTH || recordLength > MAX_RECORD) {
      throw new JournalException(
          "the record at position "
              + (entry.position() + cursor)
              + " of session "
              + entry.sessionId()
              + " claims a length of "
              + recordLength
              + ": it was not recorded by this version");
    }
    int aligned = RecordLayout.alignedLength(recordLength);
    if (aligned > left) {
      gather(at, left, aligned);
      return false;
    }
    cursor += aligned;
    return RecordLayout.type(word) == RecordLayout.TYPE_MESSAGE && show(source, at, recordLength);
  }

  private void gather(int at, int left, int aligned) {
    if (longRecord.capacity() != aligned) {
      longRecord.wrap(new byte[aligned]);
    }
    longRecord.putBytes(0, source, at, left);
    gathered = left;
    cursor = end;
  }

  private boolean show(DirectBuffer in, int at, int recordLength) {
    buffer = in;
    offset = at + RecordLayout.HEADER_LENGTH;
    length = recordLength - RecordLayout.HEADER_LENGTH;
    header.position(entry.position() + cursor);
    return true;
  }

  /**
   * Holds the message until the next is asked for.
   *
   * @return at {@link #offset()}
   */
  public DirectBuffer buffer() {
    return buffer;
  }

  /**
   * Where the message begins.
   *
   * @return in {@link #buffer()}
   */
  public int offset() {
    return offset;
  }

  /**
   * Length of the message.
   *
   * @return in bytes
   */
  public int length() {
    return length;
  }

  /**
   * Whose message it is, and where it ended in the stream that was recorded.
   *
   * @return for the time until the next is asked for
   */
  public Header header() {
    return header;
  }

  /**
   * When the range of the message was recorded: when the first message in it was.
   *
   * @return nanoseconds since 1970
   */
  public long timeNs() {
    return entry.timeNs();
  }

  /**
   * Index of the entry of the message: to come back to it.
   *
   * @return as {@link JournalReader#index()}
   */
  public long index() {
    return reader.index();
  }
}
