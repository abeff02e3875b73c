package io.petrel.rudp.fuzz;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.petrel.codecs.Checksum;
import io.petrel.codecs.DatagramHeader;
import io.petrel.transport.time.Deadline;
import java.util.Arrays;
import java.util.function.Supplier;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Two sessions and a network between them that does what a script says, a few bytes a step:
 *
 * <pre>
 *   0 deliver            4 change a byte    8 open      12 close
 *   1 drop               5 other frames     9 write     13 end a stream
 *   2 deliver twice      6 cut              10 read     14 stop a stream
 *   3 deliver later      7 other number     11 wait     15 abort
 * </pre>
 *
 * The next byte says whose datagram or whose application it is; datagrams that are changed get a
 * right length and checksum again, so that it is the session that must notice.
 */
final class FuzzedPair {
  private static final long MS = 1_000_000;
  private static final long TICK_NS = 100_000;
  private static final int PACKET_NUMBER_OFFSET = 8;
  private static final int MOST_STEPS = 2_000;

  /** More turns without a pause than this are an endless loop. */
  private static final int MOST_POLLS = 10_000;

  private static final long MEMORY_LIMIT = 2L * FuzzedSide.STREAMS * FuzzedSide.RING + (256 << 10);

  final FuzzedSide[] sides;
  boolean changed;
  boolean ended;
  private final byte[] script;
  private int next;
  private long nowNs = MS;

  FuzzedPair(byte[] script) {
    this.script = script;
    String controller = new String[] {"cubic", "bbr", "fixed"}[Math.floorMod(take(), 3)];
    sides = new FuzzedSide[] {new FuzzedSide(true, controller), new FuzzedSide(false, controller)};
  }

  private int take() {
    return next < script.length ? script[next++] & 0xFF : 0;
  }

  /** Does what the script says, then lets both come to rest. */
  void run() {
    for (int i = 0; i < MOST_STEPS && next < script.length; i++) {
      step(take());
      turn();
    }
    if (!changed && !ended) {
      heal();
    }
    silence();
  }

  private void step(int what) {
    FuzzedSide side = sides[take() & 1];
    switch (what & 15) {
      case 0 -> deliver(side, false);
      case 1 -> side.sent.poll();
      case 2 -> deliver(side, true);
      case 3 -> {
        byte[] late = side.sent.poll();
        if (late != null) {
          side.sent.add(late);
        }
      }
      case 4, 5, 6, 7 -> change(what & 15, side);
      case 8 -> side.open(take() % FuzzedSide.STREAMS);
      case 9 -> side.write(take() % FuzzedSide.STREAMS, take() * 4);
      case 10 -> side.read(take() % FuzzedSide.STREAMS);
      case 11 -> pass(TICK_NS << (take() % 14));
      default -> end(what & 15, side);
    }
  }

  private void end(int what, FuzzedSide side) {
    ended = true;
    switch (what) {
      case 12 -> side.session.close(nowNs);
      case 13 -> side.endSend(take() % FuzzedSide.STREAMS);
      case 14 -> side.stopReceive(take() % FuzzedSide.STREAMS);
      default -> side.session.abort(nowNs);
    }
  }

  private void deliver(FuzzedSide from, boolean twice) {
    byte[] datagram = from.sent.poll();
    if (datagram != null) {
      other(from).take(nowNs, datagram);
      if (twice) {
        other(from).take(nowNs, datagram);
      }
    }
  }

  private FuzzedSide other(FuzzedSide side) {
    return sides[0] == side ? sides[1] : sides[0];
  }

  private void change(int how, FuzzedSide from) {
    byte[] datagram = from.sent.poll();
    if (datagram == null) {
      return;
    }
    changed = true;
    int body = DatagramHeader.LENGTH;
    switch (how) {
      case 4 -> {
        int at = ((take() << 8) | take()) % datagram.length;
        datagram[at] ^= (byte) (take() | 1);
      }
      case 5 -> {
        int length = Math.min(take() + DatagramHeader.CHECKSUM_LENGTH, script.length - next);
        datagram = Arrays.copyOf(datagram, body + Math.max(length, 0) + 12);
        for (int i = body; i < datagram.length - DatagramHeader.CHECKSUM_LENGTH; i++) {
          datagram[i] = (byte) take();
        }
      }
      case 6 -> datagram = Arrays.copyOf(datagram, Math.min(body + 4 + take(), datagram.length));
      default -> {
        UnsafeBuffer buffer = new UnsafeBuffer(datagram);
        long number = buffer.getLong(PACKET_NUMBER_OFFSET, LITTLE_ENDIAN);
        long far = number + ((long) take() << take() % 48) - 16;
        buffer.putLong(PACKET_NUMBER_OFFSET, far, LITTLE_ENDIAN);
      }
    }
    UnsafeBuffer buffer = new UnsafeBuffer(datagram);
    DatagramHeader.datagramLength(buffer, 0, datagram.length);
    new Checksum().close(buffer, 0, datagram.length);
    other(from).take(nowNs, datagram);
  }

  /** Both sessions have their turn, once. */
  private void turn() {
    for (FuzzedSide side : sides) {
      if (Deadline.isDue(nowNs, side.nextDeadlineNs())) {
        side.session.onTimer(nowNs);
      }
      int polls = side.poll(nowNs);
      long bytes = side.session.memoryBytes() + side.memory.bytesInUse();
      require(polls < FuzzedSide.MOST_POLLS, () -> "polled without an end: " + side);
      require(bytes <= MEMORY_LIMIT, () -> bytes + " bytes");
      require(side.end == null || !side.session.isOpen(), () -> "ended and open: " + side);
    }
  }

  private void pass(long ns) {
    long untilNs = nowNs + ns;
    for (int turns = 0; nowNs - untilNs < 0; turns++) {
      require(turns < MOST_POLLS, () -> "endless deadlines: " + sides[0] + ", " + sides[1]);
      long earliestNs = Deadline.NONE;
      for (FuzzedSide side : sides) {
        earliestNs = Deadline.earlier(earliestNs, side.nextDeadlineNs());
      }
      boolean later = earliestNs == Deadline.NONE || earliestNs - untilNs > 0;
      nowNs = later ? untilNs : Math.max(earliestNs, nowNs + TICK_NS / 100);
      turn();
    }
  }

  /** A network that delivers everything again: all that was accepted must arrive, intact. */
  private void heal() {
    for (int i = 0; i < 4_000 && !isDelivered(); i++) {
      for (FuzzedSide side : sides) {
        while (!side.sent.isEmpty()) {
          deliver(side, false);
        }
        for (int stream = 0; stream < FuzzedSide.STREAMS; stream++) {
          other(side).read(stream);
        }
      }
      pass(MS);
    }
    // A silence of the script's own may have been longer than the idle timeout.
    boolean timedOut = sides[0].end != null || sides[1].end != null;
    require(timedOut || isDelivered(), () -> "not delivered: " + sides[0] + ", " + sides[1]);
    require(!sides[0].wrong && !sides[1].wrong, () -> "what arrived is not what was written");
  }

  private boolean isDelivered() {
    return Arrays.equals(sides[0].written, sides[1].read)
        && Arrays.equals(sides[1].written, sides[0].read);
  }

  /** Nothing arrives any more: both must give up, whatever state they are in. */
  private void silence() {
    for (int i = 0; i < 60; i++) {
      sides[0].sent.clear();
      sides[1].sent.clear();
      pass(1_000 * MS);
    }
    for (FuzzedSide side : sides) {
      require(side.session.isEnded(), () -> "waits for its peer for ever: " + side);
      require(side.end != null, () -> "ended without a word: " + side);
    }
  }

  private static void require(boolean holds, Supplier<String> otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise.get());
    }
  }
}
