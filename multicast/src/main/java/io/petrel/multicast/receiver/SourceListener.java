package io.petrel.multicast.receiver;

import io.petrel.transport.datagram.EndpointAddress;
import io.petrel.transport.ring.ReceiveRing;
import org.jspecify.annotations.Nullable;

/** Told of sources and of what becomes of what they send. */
public interface SourceListener {
  /** Why a source is heard no more. */
  enum End {
    /** It said that it is done, and all of it is there. */
    FINISHED,
    /** It fell silent. */
    SILENT,
    /** Another session comes from its address. */
    RESTARTED,
    /** A record of it lies about its length, type or padding. */
    MALFORMED
  }

  /**
   * A source introduces itself, again and again until it is wanted.
   *
   * @param nowNs the time
   * @param offer where a receiver may begin
   * @return whether to receive it from now on; {@link #onSource} follows
   */
  default boolean isWanted(long nowNs, JoinOffer offer) {
    return true;
  }

  /**
   * A source is heard for the first time.
   *
   * @param sessionId that it drew
   * @param source where it sends from
   * @param ringCapacity of its ring
   * @param position where to begin
   * @return a ring for what it sends; null if it is not wanted
   */
  @Nullable ReceiveRing onSource(
      long sessionId, EndpointAddress source, int ringCapacity, long position);

  /**
   * A receiver for the source is there.
   *
   * @param receiver that was made with the ring
   */
  default void onReceiver(Receiver receiver) {}

  /**
   * A source is heard no more; its ring may still be read.
   *
   * @param receiver that heard it
   * @param end why
   */
  void onEnd(Receiver receiver, End end);

  /**
   * Bytes came that had been missing.
   *
   * @param receiver that missed them
   * @param from first
   * @param to behind the last
   * @param missedNs since when
   * @param asked whether this receiver had asked for them
   */
  default void onFilled(Receiver receiver, long from, long to, long missedNs, boolean asked) {}

  /**
   * Bytes will not come; the reader goes on where the next record begins.
   *
   * @param receiver that missed them
   * @param from first
   * @param to where it goes on
   */
  default void onLost(Receiver receiver, long from, long to) {}

  /**
   * The source repairs this receiver no more: it misses far more than others.
   *
   * @param receiver this
   */
  default void onExcluded(Receiver receiver) {}

  /**
   * A line died or lives again.
   *
   * @param receiver that hears it
   * @param line its number
   * @param alive whether it is there
   */
  default void onLine(Receiver receiver, int line, boolean alive) {}
}
