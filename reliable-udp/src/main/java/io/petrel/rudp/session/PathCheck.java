package io.petrel.rudp.session;

import io.petrel.transport.time.Deadline;

/**
 * Whether the peer is where it seems to have moved to, after RFC 9000 sections 8.2 and 9: it is
 * asked to repeat an unpredictable number, and until it has done so no more than {@value
 * #AMPLIFICATION} times the bytes that came from there go there. A peer's own such question is
 * answered from here too; one answer is remembered, the newest, however many are asked for.
 *
 * <p>A question is repeated, since it or its answer may get lost. The first repetition waits a
 * probe timeout of the path before, at least {@value #SHORTEST_WAIT_NS} ns, because the new path
 * may be slower by far.
 */
final class PathCheck {
  /** Less than this is no datagram: header, question, checksum. */
  static final int LEAST_DATAGRAM = 48;

  /** RFC 9000 section 8: bytes sent to an address not proven, for each received from there. */
  private static final int AMPLIFICATION = 3;

  private static final int TRIES = 8;
  private static final long SHORTEST_WAIT_NS = 5_000_000L;
  private static final long LONGEST_WAIT_NS = 1_000_000_000L;

  private enum State {
    PROVEN,
    CHECKING,
    FAILED
  }

  private State state = State.PROVEN;
  private boolean otherHost;
  private boolean stalled;
  private boolean questionDue;
  private long question;
  private boolean answerDue;
  private long answer;
  private long budgetBytes = Long.MAX_VALUE;
  private int tries;
  private long deadlineNs = Deadline.NONE;

  /** The peer seems to have moved; {@code bytes} have come from there. */
  void begin(long nowNs, long unpredictable, boolean toOtherHost, int bytes, long timeoutNs) {
    state = State.CHECKING;
    question = unpredictable;
    otherHost = toOtherHost;
    budgetBytes = (long) AMPLIFICATION * bytes;
    stalled = false;
    tries = 0;
    ask(nowNs, timeoutNs);
  }

  private void ask(long nowNs, long timeoutNs) {
    questionDue = true;
    long firstNs = Math.max(timeoutNs, SHORTEST_WAIT_NS);
    deadlineNs = nowNs + Math.min(firstNs << tries, Math.max(firstNs, LONGEST_WAIT_NS));
    tries++;
  }

  /** More has come from where the peer seems to be. */
  void onBytes(int bytes) {
    if (state == State.CHECKING) {
      budgetBytes += (long) AMPLIFICATION * bytes;
      stalled = false;
    }
  }

  /** The deadline has come, or not. */
  void onTimer(long nowNs, long timeoutNs) {
    if (state != State.CHECKING || !Deadline.isDue(nowNs, deadlineNs)) {
      return;
    }
    if (tries < TRIES) {
      ask(nowNs, timeoutNs);
    } else {
      end(State.FAILED);
    }
  }

  /**
   * An answer has come.
   *
   * @return whether it proves the path; one that was not asked for proves nothing.
   */
  boolean onAnswer(long data) {
    if (state != State.CHECKING || data != question) {
      return false;
    }
    end(State.PROVEN);
    return true;
  }

  /** The peer is back where it was proven to be. */
  void end() {
    end(State.PROVEN);
  }

  private void end(State next) {
    state = next;
    questionDue = false;
    stalled = false;
    budgetBytes = Long.MAX_VALUE;
    deadlineNs = Deadline.NONE;
  }

  boolean isProven() {
    return state == State.PROVEN;
  }

  boolean isFailed() {
    return state == State.FAILED;
  }

  /** Whether the peer was on another host before, not only at another port of this one. */
  boolean isOtherHost() {
    return otherHost;
  }

  long deadlineNs() {
    return deadlineNs;
  }

  /** Whether nothing more may go before more has come, whatever is due. */
  boolean isStalled() {
    return stalled;
  }

  /**
   * The most that a datagram of this length may have now. Something is left for the questions that
   * may have to be repeated: else the first data would take all.
   */
  int allowed(int datagramLength) {
    if (state != State.CHECKING) {
      return datagramLength;
    }
    long free = budgetBytes - (long) LEAST_DATAGRAM * (TRIES - tries);
    if (questionDue && free < LEAST_DATAGRAM) {
      free = Math.min(LEAST_DATAGRAM, budgetBytes);
    }
    return (int) Math.min(datagramLength, free);
  }

  /** What may go did not suffice for what was to be sent. */
  void stall() {
    stalled = state == State.CHECKING;
  }

  void onSent(int bytes) {
    if (state == State.CHECKING) {
      budgetBytes -= bytes;
    }
  }

  // ---- What is to be written ----

  boolean isDue() {
    return questionDue || answerDue;
  }

  boolean isQuestionDue() {
    return questionDue;
  }

  long takeQuestion() {
    questionDue = false;
    return question;
  }

  void owe(long data) {
    answer = data;
    answerDue = true;
  }

  boolean isAnswerDue() {
    return answerDue;
  }

  long takeAnswer() {
    answerDue = false;
    return answer;
  }
}
