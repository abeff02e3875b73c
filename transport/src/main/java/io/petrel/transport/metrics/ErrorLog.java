package io.petrel.transport.metrics;

import static org.agrona.BitUtil.align;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.errors.DistinctErrorLog;

/**
 * Where errors go that must not stop the engine. Each is counted; the first of its kind, by class,
 * message and stack trace, is written to the metrics file and to the system logger {@code
 * io.petrel}, its repetitions only move a count and a time. Any thread may report.
 *
 * <p>The log holds the distinct errors that fit; those that come when it is full are counted as not
 * logged.
 */
public final class ErrorLog implements ErrorHandler {
  private static final Logger LOGGER = System.getLogger("io.petrel");

  private final UnsafeBuffer region;
  private final DistinctErrorLog log;
  private final Counter errors;
  private final Counter notLogged;
  private int end;

  ErrorLog(UnsafeBuffer buffer, int offset, int length, EpochClock clock, Counters countersOfThis) {
    region = new UnsafeBuffer(buffer, offset, length);
    log = new DistinctErrorLog(region, clock);
    errors = countersOfThis.add("errors", MetricTypes.ERRORS);
    notLogged = countersOfThis.add("errors not logged: no room", MetricTypes.ERRORS_NOT_LOGGED);
  }

  /**
   * Takes note of an error.
   *
   * @param error what was thrown
   */
  @Override
  public synchronized void onError(Throwable error) {
    errors.increment();
    if (!log.record(error)) {
      notLogged.increment();
    } else if (hasGrown()) {
      LOGGER.log(Level.WARNING, "counted and not thrown: " + error, error);
    }
  }

  /**
   * How many errors were reported.
   *
   * @return repetitions included
   */
  public long count() {
    return errors.value();
  }

  private boolean hasGrown() {
    int length =
        end + DistinctErrorLog.ENCODED_ERROR_OFFSET < region.capacity()
            ? region.getInt(end + DistinctErrorLog.LENGTH_OFFSET)
            : 0;
    end += align(length, DistinctErrorLog.RECORD_ALIGNMENT);
    return length > 0;
  }

  /** Agrona's reader trusts the lengths it finds; a file may be damaged, so this one does not. */
  static int read(
      UnsafeBuffer buffer, int offset, int length, CountersReader.ErrorVisitor visitor) {
    int found = 0;
    int at = 0;
    while (at + DistinctErrorLog.ENCODED_ERROR_OFFSET <= length) {
      int record = offset + at;
      // Acquire: the length is written when the rest of the record is.
      int recordLength = buffer.getIntAcquire(record + DistinctErrorLog.LENGTH_OFFSET);
      if (recordLength < DistinctErrorLog.ENCODED_ERROR_OFFSET || recordLength > length - at) {
        break;
      }
      byte[] text = new byte[recordLength - DistinctErrorLog.ENCODED_ERROR_OFFSET];
      buffer.getBytes(record + DistinctErrorLog.ENCODED_ERROR_OFFSET, text);
      visitor.onError(
          buffer.getIntVolatile(record + DistinctErrorLog.OBSERVATION_COUNT_OFFSET),
          buffer.getLong(record + DistinctErrorLog.FIRST_OBSERVATION_TIMESTAMP_OFFSET),
          buffer.getLongAcquire(record + DistinctErrorLog.LAST_OBSERVATION_TIMESTAMP_OFFSET),
          new String(text, StandardCharsets.UTF_8));
      at += align(recordLength, DistinctErrorLog.RECORD_ALIGNMENT);
      found++;
    }
    return found;
  }
}
