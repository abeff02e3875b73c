package io.petrel.multicast.fabric;

import io.petrel.codecs.FrameCursor;
import io.petrel.multicast.flow.GroupListener;
import io.petrel.multicast.receiver.Receiver;
import io.petrel.multicast.receiver.ReceiverSettings;
import io.petrel.multicast.receiver.Receivers;
import io.petrel.multicast.receiver.SourceListener;
import io.petrel.multicast.source.Source;
import io.petrel.multicast.source.SourceSettings;
import io.petrel.transport.Header;
import io.petrel.transport.SessionInfo;
import io.petrel.transport.datagram.EndpointAddress;
import io.petrel.transport.ring.ReceiveRing;
import io.petrel.transport.ring.RingMemory;
import io.petrel.transport.ring.SendRing;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One source and some receivers; what is sent arrives at once, unless a test drops it. Time goes on
 * in steps of 10 us.
 */
public final class Fabric {
  /** A step of time. */
  public static final long STEP_NS = 10_000;

  /** Where the source sends from. */
  public static final EndpointAddress SOURCE = new EndpointAddress().setIpv4(0x0A00_0001, 9_000);

  private final ListSink sink = new ListSink();
  private final List<String> events = new ArrayList<>();
  private final List<End> ends = new ArrayList<>();
  private final SendRing ring;
  private final Source source;
  private final List<byte[]> lastNaks = new ArrayList<>();
  private long nowNs;
  private IntPredicate drop = frame -> false;
  private long naks;
  private long dropped;

  /** A receiver and what its application read. */
  public final class End implements SourceListener, ReceiveRing.Listener {
    private final Receivers receivers;
    private final List<Integer> read = new ArrayList<>();
    private final List<String> said = new ArrayList<>();
    private @Nullable ReceiveRing received;
    private boolean reads = true;

    End(ReceiverSettings settings, long seed) {
      receivers = new Receivers(settings, this, seed, nowNs);
    }

    /** The core. */
    public Receivers receivers() {
      return receivers;
    }

    /** The only source's. */
    public Receiver receiver() {
      return receivers.receiver(0);
    }

    /** Numbers read, in order. */
    public List<Integer> read() {
      return read;
    }

    /** What was said beside messages. */
    public List<String> said() {
      return said;
    }

    /** Whether the application reads. */
    public void reads(boolean does) {
      reads = does;
    }

    private void step() {
      if (received != null && reads) {
        received.poll((buffer, offset, length, header) -> read.add(buffer.getInt(offset)), 10_000);
      }
      receivers.sweep(nowNs);
    }

    @Override
    public ReceiveRing onSource(
        long sessionId, EndpointAddress from, int ringCapacity, long position) {
      said.add("source");
      received =
          new ReceiveRing(
              ringCapacity,
              position,
              64,
              RingMemory.unlimited(),
              new Header(new SessionInfo(sessionId, 0, null)),
              this);
      return received;
    }

    @Override
    public void onEnd(Receiver receiver, SourceListener.End end) {
      said.add("end " + end);
    }

    @Override
    public void onExcluded(Receiver receiver) {
      said.add("excluded");
    }

    @Override
    public void onLine(Receiver receiver, int line, boolean alive) {
      said.add("line " + line + (alive ? " up" : " down"));
    }

    @Override
    public void onHandlerError(Throwable error) {
      said.add("error " + error);
    }

    @Override
    public void onLoss(long fromPosition, long toPosition) {
      said.add("loss " + fromPosition + "-" + toPosition + " after " + read.size());
    }
  }

  /** A fabric of so many receivers. */
  public Fabric(
      SourceSettings settings, ReceiverSettings receiverSettings, int receivers, int capacity) {
    ring = SendRing.exclusive(capacity);
    source =
        new Source(
            settings,
            0x1234_5678_9ABCL,
            ring,
            new GroupListener() {
              @Override
              public void onEvicted(long receiverId, long contiguousPosition) {
                events.add("evicted at " + contiguousPosition);
              }

              @Override
              public void onExcluded(long receiverId, double missedShare) {
                events.add("excluded");
              }

              @Override
              public void onLeft(long receiverId, boolean silent) {
                events.add(silent ? "silent" : "left");
              }
            },
            0);
    for (int i = 0; i < receivers; i++) {
      ends.add(new End(receiverSettings, i + 1));
    }
  }

  /** A fabric that has started, with defaults but for a round trip that is told. */
  public static Fabric started(int receivers, int capacity) {
    Fabric fabric = new Fabric(settings(), new ReceiverSettings(), receivers, capacity);
    fabric.startUp();
    return fabric;
  }

  /** Defaults, the round trip told. */
  public static SourceSettings settings() {
    return new SourceSettings().roundTripNs(100_000);
  }

  /** Lets time pass until data may flow. */
  public void startUp() {
    for (int i = 0; i < 30_000 && !source.isStarted(); i++) {
      step();
    }
    step();
  }

  /** Drops what the source sends, by its first frame's template. */
  public void drop(IntPredicate templates) {
    drop = templates;
  }

  /** Writes a message that begins with a number; what the ring answers. */
  public long offer(int number, int length) {
    UnsafeBuffer message = new UnsafeBuffer(new byte[Math.max(length, Integer.BYTES)]);
    message.putInt(0, number);
    return ring.offer(message, 0, message.capacity());
  }

  /** One step of time: everything due is done, everything sent arrives. */
  public void step() {
    nowNs += STEP_NS;
    for (int i = 0; i < 10; i++) {
      source.poll(nowNs, sink);
      for (byte[] datagram : sink.take()) {
        if (drop.test(template(datagram))) {
          dropped++;
        } else {
          toAll(datagram);
        }
      }
      for (End end : ends) {
        end.step();
        for (int j = 0; j < end.receivers.count(); j++) {
          answer(end, end.receivers.receiver(j));
        }
      }
    }
  }

  /** Many steps. */
  public void steps(long count) {
    for (long i = 0; i < count; i++) {
      step();
    }
  }

  private void answer(End end, Receiver receiver) {
    receiver.pollNaks(nowNs, sink);
    for (byte[] nak : sink.take()) {
      naks++;
      lastNaks.add(nak);
      source.onDatagram(nowNs, new UnsafeBuffer(nak), 0, nak.length);
      for (End other : ends) {
        if (other != end && receiver.peersHear()) {
          other.receivers.onPeerDatagram(nowNs, new UnsafeBuffer(nak), 0, nak.length);
        }
      }
    }
    receiver.pollStatus(nowNs, sink);
    for (byte[] status : sink.take()) {
      source.onDatagram(nowNs, new UnsafeBuffer(status), 0, status.length);
    }
  }

  /** A datagram arrives at all receivers as if the source had sent it. */
  public void toAll(byte[] datagram) {
    for (End end : ends) {
      end.receivers.onDatagram(
          nowNs, 0, new UnsafeBuffer(datagram.clone()), 0, datagram.length, SOURCE);
    }
  }

  /** A datagram arrives at the source. */
  public void toSource(byte[] datagram) {
    source.onDatagram(nowNs, new UnsafeBuffer(datagram), 0, datagram.length);
  }

  /** The template id of a datagram's first frame. */
  public static int template(byte[] datagram) {
    FrameCursor cursor = new FrameCursor().wrap(new UnsafeBuffer(datagram), 0, datagram.length);
    return cursor.next() ? cursor.templateId() : FrameCursor.UNKNOWN;
  }

  /** The source. */
  public Source source() {
    return source;
  }

  /** What its application writes. */
  public SendRing ring() {
    return ring;
  }

  /** A receiver. */
  public End end(int index) {
    return ends.get(index);
  }

  /** What the source said of its receivers. */
  public List<String> events() {
    return events;
  }

  /** The time. */
  public long nowNs() {
    return nowNs;
  }

  /** NAKs sent, all receivers together. */
  public long naks() {
    return naks;
  }

  /** All NAKs as they were sent. */
  public List<byte[]> lastNaks() {
    return lastNaks;
  }

  /** Datagrams dropped. */
  public long dropped() {
    return dropped;
  }
}
