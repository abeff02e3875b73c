package io.petrel.rudp.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.petrel.rudp.session.Session;
import io.petrel.rudp.session.SessionListener;
import io.petrel.transport.EndReason;
import io.petrel.transport.Header;
import io.petrel.transport.SessionInfo;
import io.petrel.transport.datagram.DatagramSink;
import io.petrel.transport.ring.ReceiveRing;
import io.petrel.transport.ring.RingMemory;
import io.petrel.transport.ring.SendRing;
import java.util.ArrayList;
import java.util.List;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A request is answered before anything is reckoned, and then it is reckoned rightly. */
class AnswerTest implements SessionListener, DatagramSink {
  private static final int RING = BrokenFramesTest.RING;
  private static final long LOCAL_ID = BrokenFramesTest.LOCAL_ID;
  private static final int RECORD = 72;
  private static final long US = 1_000;

  private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1 << 16]);
  private final UnsafeBuffer message = new UnsafeBuffer(new byte[RECORD - 8]);
  private final List<Long> knownWhenAnswered = new ArrayList<>();
  private final SendRing out = SendRing.exclusive(RING);
  private final Session session = new Session(0, BrokenFramesTest.parameters(), this);
  private int datagrams;
  private int requests;

  AnswerTest() {
    session.addSend(0, out);
  }

  @Test
  void anAnswerLeavesBeforeTheAcknowledgementThatCameWithTheRequestIsReckonedWith() {
    request(10 * US);
    answer(11 * US, 12 * US);
    request(30 * US); // with the acknowledgement of the first answer
    assertEquals(RECORD, out.acknowledgedPosition(), "its room is free at once");
    answer(31 * US, 32 * US);
    assertEquals(List.of(0L, 0L), knownWhenAnswered);
    assertEquals(1, session.recovery().acknowledgedPackets());
    assertEquals(2, session.recovery().sentPackets());
    assertEquals(2, datagrams);
    assertNull(session.endReason());
  }

  @Test
  void anAnswerThatLeftSoonCountsFromTheTurnsTime() {
    request(10 * US);
    answer(11 * US, 20 * US);
    request(61 * US);
    session.poll(62 * US, this);
    assertEquals(50 * US, session.recovery().roundTrip().smoothedNs());
  }

  @Test
  void anAnswerOfASlowApplicationCountsFromWhenItLeft() {
    request(10 * US);
    answer(11 * US, 2_000 * US);
    request(2_050 * US);
    session.poll(2_051 * US, this);
    assertEquals(50 * US, session.recovery().roundTrip().smoothedNs());
  }

  @Test
  void anAcknowledgementOfWhatWasNeverSentIsFoundOutAfterTheAnswer() {
    request(10 * US);
    answer(11 * US, 12 * US);
    Forgery lie =
        new Forgery()
            .ack(9, 0, 0, 0, RECORD)
            .record(0, RECORD, RECORD, 1, RECORD)
            .close(LOCAL_ID, 1, 0);
    session.onDatagram(30 * US, lie.buffer, 0, lie.length);
    session.poll(31 * US, this);
    assertEquals(EndReason.PROTOCOL_BREACH, session.endReason());
  }

  @Test
  void whatDoesNotFitIntoOnePacketLeavesAsATrain() {
    request(10 * US);
    for (int i = 0; i < 40; i++) {
      out.offer(message, 0, message.capacity());
    }
    session.answer(11 * US, this);
    assertEquals(0, datagrams);
    assertEquals(3, session.poll(12 * US, this));
    assertEquals(List.of(), knownWhenAnswered, "nothing left ahead of the rest");
  }

  /** A record of the peer's; from the second on it acknowledges the answer before. */
  private void request(long nowNs) {
    Forgery request = new Forgery();
    if (requests > 0) {
      request.ack(requests - 1, requests - 1, 0, 0, (long) requests * RECORD);
    }
    request.record(0, (long) requests * RECORD, RECORD, 1, RECORD).close(LOCAL_ID, requests, 0);
    session.onDatagram(nowNs, request.buffer, 0, request.length);
    requests++;
  }

  private void answer(long turnNs, long afterNs) {
    out.offer(message, 0, message.capacity());
    session.answer(turnNs, this);
    session.poll(afterNs, this);
  }

  @Override
  public MutableDirectBuffer buffer() {
    return buffer;
  }

  @Override
  public int claim(int maxLength) {
    return 0;
  }

  @Override
  public void commit(int length) {
    datagrams++;
  }

  @Override
  public void hurry() {
    knownWhenAnswered.add(session.recovery().acknowledgedPackets());
  }

  @Override
  public @Nullable ReceiveRing openReceive(Session opened, int streamId) {
    return new ReceiveRing(
        RING,
        0,
        16,
        RingMemory.unlimited(),
        new Header(new SessionInfo(1, streamId, null)),
        new ReceiveRing.Listener() {
          @Override
          public void onHandlerError(Throwable error) {
            throw new AssertionError(error);
          }

          @Override
          public void onLoss(long fromPosition, long toPosition) {
            throw new AssertionError("a loss from " + fromPosition + " to " + toPosition);
          }
        });
  }

  @Override
  public void onReceiveEnd(Session ended, int streamId) {}

  @Override
  public void onSendEnd(Session ended, int streamId, boolean delivered) {}

  @Override
  public void onEnd(Session ended, EndReason reason) {}
}
