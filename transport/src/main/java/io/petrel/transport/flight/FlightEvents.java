package io.petrel.transport.flight;

import io.petrel.transport.EndReason;
import io.petrel.transport.SessionInfo;
import jdk.jfr.FlightRecorder;

/** Writes events where a recording wants them. For any thread. */
public final class FlightEvents {
  private FlightEvents() {}

  /**
   * A subscription was told of a session.
   *
   * @param session that came
   */
  public static void sessionUp(SessionInfo session) {
    if (!FlightRecorder.isInitialized()) {
      return; // nothing ever recorded: not even an event is made
    }
    SessionUpEvent event = new SessionUpEvent();
    if (event.shouldCommit()) {
      event.session = session.sessionId();
      event.stream = session.stream();
      event.peer = String.valueOf(session.remoteAddress());
      event.commit();
    }
  }

  /**
   * A subscription was told that a session ended.
   *
   * @param session that went
   * @param reason of it
   * @param position up to which its data was delivered
   */
  public static void sessionDown(SessionInfo session, EndReason reason, long position) {
    if (!FlightRecorder.isInitialized()) {
      return; // nothing ever recorded: not even an event is made
    }
    SessionDownEvent event = new SessionDownEvent();
    if (event.shouldCommit()) {
      event.session = session.sessionId();
      event.stream = session.stream();
      event.peer = String.valueOf(session.remoteAddress());
      event.reason = reason.name();
      event.position = position;
      event.commit();
    }
  }

  /**
   * A subscription was told of bytes that will never come.
   *
   * @param session that goes on
   * @param fromPosition first byte lost
   * @param toPosition first byte after the loss
   */
  public static void loss(SessionInfo session, long fromPosition, long toPosition) {
    if (!FlightRecorder.isInitialized()) {
      return; // nothing ever recorded: not even an event is made
    }
    LossEvent event = new LossEvent();
    if (event.shouldCommit()) {
      event.session = session.sessionId();
      event.stream = session.stream();
      event.position = fromPosition;
      event.bytes = toPosition - fromPosition;
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
