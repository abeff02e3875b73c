package io.petrel.rudp.congestion;

/**
 * Decides how many bytes a session may have in flight and how fast it sends them.
 *
 * <p>One object serves one session on one path; a change of path makes a new one. All calls come
 * from the session's engine thread. Time is an argument ({@code nowNs}, compared by subtraction),
 * so that a controller behaves in a simulation exactly as it does on a network. Implementations
 * must not allocate, block or throw once constructed, and must use {@link StrictMath} where they
 * need more than arithmetic: simulations have to repeat byte for byte on every machine.
 *
 * <p>The order of calls when an acknowledgement comes in: {@link #onSpuriousLoss} if the session
 * learns that all it took for lost had only been late, then {@link #onPacketLost} for each packet
 * that it now finds lost, then {@link #onPersistentCongestion} if that is what the losses amount
 * to, then {@link #onAck} once. Losses found by a timer come without an {@code onAck}. Bytes count
 * as in flight from when they are sent until they are acknowledged or found lost; datagrams that
 * carry only acknowledgements are not counted, and probes of the path's datagram size are not
 * reported when they are lost.
 *
 * <p>An application brings its own through {@link CongestionControllerFactory}.
 */
public interface CongestionController {
  /** {@link #slowStartThresholdBytes()} of a controller that has not met congestion yet. */
  long UNLIMITED = Long.MAX_VALUE;

  /**
   * The name it is chosen by and shown with, such as {@code cubic}.
   *
   * @return the name.
   */
  String name();

  /**
   * A packet that counts as in flight has been sent.
   *
   * @param nowNs the time.
   * @param packetNumber its number, higher than any before.
   * @param bytes its length.
   * @param inFlightBytes what is in flight now, this packet included.
   */
  void onPacketSent(long nowNs, long packetNumber, int bytes, long inFlightBytes);

  /**
   * An acknowledgement of at least one new packet has been processed whole.
   *
   * @param nowNs the time.
   * @param sample what it said; valid during the call only.
   */
  void onAck(long nowNs, AckSample sample);

  /**
   * A packet has been found lost. A controller reduces its window at most once a round trip,
   * however many packets of one flight are lost.
   *
   * @param nowNs the time.
   * @param sample which, and the state when it was sent; valid during the call only.
   */
  void onPacketLost(long nowNs, LossSample sample);

  /**
   * All packets sent over a stretch of several probe timeouts were lost (RFC 9002, section 7.6).
   *
   * @param nowNs the time.
   * @param inFlightBytes what is in flight now.
   */
  void onPersistentCongestion(long nowNs, long inFlightBytes);

  /**
   * All packets that the last reduction was made for have arrived after all: undo it.
   *
   * @param nowNs the time.
   */
  void onSpuriousLoss(long nowNs);

  /**
   * The peer reports packets that a router marked instead of dropping them (RFC 3168): congestion
   * without loss.
   *
   * @param nowNs the time.
   * @param newestMarkedPacketNumber the newest packet that the report covers.
   * @param markedPackets how many more are marked than the last report said.
   * @param inFlightBytes what is in flight now.
   */
  void onCongestionMark(
      long nowNs, long newestMarkedPacketNumber, long markedPackets, long inFlightBytes);

  /**
   * Sending begins again with nothing in flight, because there was nothing to send. Called before
   * the packet goes out.
   *
   * @param nowNs the time.
   */
  void onIdleRestart(long nowNs);

  /**
   * The length of a full datagram on this path has changed.
   *
   * @param datagramLength the new length in bytes.
   */
  void onDatagramLength(int datagramLength);

  /**
   * The bytes that may be in flight; a packet may go while what is in flight with it stays at or
   * below this. Probes after a timeout go regardless.
   *
   * @return the window, at least two datagrams.
   */
  long windowBytes();

  /**
   * The rate at which the window is to be spent.
   *
   * @return bytes a second, or 0 when there is no estimate yet and no pacing is wanted.
   */
  long pacingRateBytesPerSecond();

  /**
   * Above this window growth is careful.
   *
   * @return bytes, or {@link #UNLIMITED}.
   */
  long slowStartThresholdBytes();

  /**
   * What it is doing, for counters.
   *
   * @return the phase.
   */
  CongestionPhase phase();
}
