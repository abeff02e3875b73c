package io.petrel.multicast;

import io.petrel.multicast.receiver.Receiver;
import io.petrel.multicast.receiver.Receivers;
import io.petrel.transport.metrics.Counters;
import io.petrel.transport.metrics.PassingGauges;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** How each source that an engine's subscriptions hear comes in, in its metrics file. */
public final class SourceGauges extends PassingGauges<Receiver> {
  /** Sources that are shown one by one. */
  public static final int PLACES = 32;

  /** Type of the first gauge. */
  public static final int FIRST_TYPE = 440;

  private static final Gauge[] ALL = Gauge.values();

  /** What is shown of a source; the label names its address, the key is its session's id. */
  public enum Gauge {
    /** Bytes of the stream that are there without a gap. */
    POSITION("received, bytes"),
    /** Bytes of them that the application has yet to read. */
    UNREAD("unread, bytes"),
    /** Bytes from there to the end of what the ring can take. */
    WINDOW("window, bytes"),
    /** Bytes that did not come at first. */
    MISSED("missed at first, bytes"),
    /** Bytes of them that were repaired. */
    REPAIRED("repaired, bytes"),
    /** Bytes of them that were given up. */
    LOST("lost, bytes"),
    /** NAKs sent. */
    NAKS("NAKs sent"),
    /** Whether the source repairs this receiver no more: 1, else 0. */
    EXCLUDED("excluded from repair");

    private final String label;

    Gauge(String label) {
      this.label = label;
    }

    /** What people read. */
    public String label() {
      return label;
    }

    private long of(Receiver receiver) {
      return switch (this) {
        case POSITION -> receiver.ring().contiguousPosition();
        case UNREAD -> receiver.ring().contiguousPosition() - receiver.ring().readPosition();
        case WINDOW -> receiver.ring().windowEnd() - receiver.ring().contiguousPosition();
        case MISSED -> receiver.counters().missedBytes();
        case REPAIRED -> receiver.counters().repairedBytes();
        case LOST -> receiver.counters().lostBytes();
        case NAKS -> receiver.counters().naksSent();
        case EXCLUDED -> receiver.isExcluded() ? 1 : 0;
      };
    }
  }

  /** Those whose sources are being shown; a source's address is asked for when it is new. */
  private @Nullable Receivers receivers;

  private int index;

  SourceGauges(Counters file) {
    super(file, PLACES, FIRST_TYPE, Arrays.stream(ALL).map(Gauge::label).toList());
  }

  void show(Receivers from) {
    receivers = from;
    for (index = 0; index < from.count(); index++) {
      show(from.receiver(index));
    }
  }

  @Override
  protected String name(Receiver receiver) {
    return receivers == null ? "mcast" : "mcast " + receivers.address(index);
  }

  @Override
  protected long key(Receiver receiver) {
    return receiver.sessionId();
  }

  @Override
  protected long value(Receiver receiver, int gauge) {
    return ALL[gauge].of(receiver);
  }
}
