package io.petrel.transport.flight;

import java.net.SocketAddress;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/** Writes events where a recording wants them. For any thread. */
public final class FlightEvents {
  private FlightEvents() {}

  /**
   * A subscription was told of a session.
   *
   * @param session that came
   * @param stream of it
   * @param peer where it comes from, if that is known
   */
  public static void sessionUp(long session, int stream, @Nullable SocketAddress peer) {
    if (!FlightRecorder.isInitialized()) {
      return; // nothing ever recorded: not even an event is made
    }
    SessionUpEvent event = new SessionUpEvent();
    if (event.shouldCommit()) {
      event.session = session;
      event.stream = stream;
      event.peer = String.valueOf(peer);
      event.commit();
    }
  }

  /**
   * A subscription was told that a session ended.
   *
   * @param session that went
   * @param stream of it
   * @param peer where it came from, if that is known
   * @param reason for it
   * @param position up to which its data was delivered
   */
  public static void sessionDown(
      long session, int stream, @Nullable SocketAddress peer, String reason, long position) {
    if (!FlightRecorder.isInitialized()) {
      return; // nothing ever recorded: not even an event is made
    }
    SessionDownEvent event = new SessionDownEvent();
    if (event.shouldCommit()) {
      event.session = session;
      event.stream = stream;
      event.peer = String.valueOf(peer);
      event.reason = reason;
      event.position = position;
      event.commit();
    }
  }

  /**
   * A subscription was told of bytes that will never come.
   *
   * @param session that goes on
   * @param stream of it
   * @param fromPosition first byte lost
   * @param toPosition first byte after the loss
   */
  public static void loss(long session, int stream, long fromPosition, long toPosition) {
    if (!FlightRecorder.isInitialized()) {
      return; // nothing ever recorded: not even an event is made
    }
    LossEvent event = new LossEvent();
    if (event.shouldCommit()) {
      event.session = session;
      event.stream = stream;
      event.position = fromPosition;
      event.bytes = toPosition - fromPosition;
      event.commit();
    }
  }

  /**
   * A session lost packets for a while and does no more.
   *
   * @param session that sends them again
   * @param peer where it leads, an address
   * @param packets lost
   * @param durationNs how long
   */
  public static void lossEpisode(long session, Object peer, long packets, long durationNs) {
    if (!FlightRecorder.isInitialized()) {
      return; // nothing ever recorded: not even an event is made
    }
    LossEpisodeEvent event = new LossEpisodeEvent();
    if (event.shouldCommit()) {
      event.session = session;
      event.peer = peer.toString();
      event.packets = packets;
      event.lasted = durationNs;
      event.commit();
    }
  }

  /**
   * A publication goes on without some receivers.
   *
   * @param session that goes on
   * @param receivers that it waits for no more
   */
  public static void eviction(long session, long receivers) {
    if (!FlightRecorder.isInitialized()) {
      return; // nothing ever recorded: not even an event is made
    }
    EvictionEvent event = new EvictionEvent();
    if (event.shouldCommit()) {
      event.session = session;
      event.receivers = receivers;
      event.commit();
    }
  }

  /**
   * An engine took longer from one turn to the next than it should.
   *
   * @param agent its name
   * @param durationNs how long
   */
  public static void stall(String agent, long durationNs) {
    if (!FlightRecorder.isInitialized()) {
      return; // nothing ever recorded: not even an event is made
    }
    StallEvent event = new StallEvent();
    if (event.shouldCommit()) {
      event.agent = agent;
      event.lasted = durationNs;
      event.commit();
    }
  }
}
