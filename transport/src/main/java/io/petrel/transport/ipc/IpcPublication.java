package io.petrel.transport.ipc;

import static io.petrel.transport.ipc.IpcLayout.*;

import io.petrel.transport.Channel;
import io.petrel.transport.Claim;
import io.petrel.transport.EndReason;
import io.petrel.transport.MessageHandler;
import io.petrel.transport.MessageParts;
import io.petrel.transport.Options;
import io.petrel.transport.PetrelException;
import io.petrel.transport.Publication;
import io.petrel.transport.metrics.ProcessIdentity;
import io.petrel.transport.ring.MessageCopy;
import io.petrel.transport.ring.RingResult;
import io.petrel.transport.spi.EngineHandle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A publication into a mapped ring: an offer is a claim, a copy and a commit, on the application's
 * thread. Its session lasts as long as it does; what it accepted is kept in the ring, whether or
 * not a subscriber is there.
 */
final class IpcPublication
    implements Publication, IpcTransport.Member, Claim.Completion, MessageParts.Target {
  private static final long NOT_TOLD = -1;

  /** Refused offers from one turn to the next; a power of two. */
  private static final int REFUSALS_A_TURN = 16;

  private static final long WAIT_NS = TimeUnit.MICROSECONDS.toNanos(20);

  private final EngineHandle engine;
  private final Channel channel;
  private final IpcFile file;
  private final IpcRing ring;
  private final UnsafeBuffer buffer;
  private final IpcWriter writer;
  private final int slot;
  private final IpcCaretaker caretaker;
  private final long lingerNs;

  private volatile boolean closed; // any thread closes, every offer looks

  /** Of any thread, inexact where many offer. */
  private int refusals;

  // Within turns.
  private boolean leaving;
  private boolean handedOver;
  private boolean left;

  /** Where its last record is, once that is told. */
  private long endPosition = NOT_TOLD;

  private long leavingSinceNs;

  private IpcPublication(
      final EngineHandle engine,
      final Channel channel,
      final IpcFile file,
      final IpcRing ring,
      final int slot) {
    this.engine = engine;
    this.channel = channel;
    this.file = file;
    this.ring = ring;
    this.buffer = ring.buffer;
    this.slot = slot;
    writer = new IpcWriter(ring, new IpcMembership(ring).publisherOwner(slot));
    caretaker =
        IpcCaretaker.ofPublisher(
            ring, file, slot, engine.context().value(Options.CLAIM_TIMEOUT, channel));
    lingerNs = engine.context().value(Options.LINGER, channel);
  }

  static IpcPublication open(
      final EngineHandle engine,
      final Channel channel,
      final IpcFile file,
      final int capacity,
      final boolean exclusive,
      final ProcessIdentity process) {
    return file.alone(() -> {
      final IpcRing ring = file.openOrCreate(capacity);
      final int slot = new IpcMembership(ring).joinPublisher(process, exclusive);
      if (slot == IpcMembership.FULL) {
        throw new PetrelException(
            channel + ": the ring has its " + SLOTS + " publishers; close one first");
      }
      final IpcPublication publication = new IpcPublication(engine, channel, file, ring, slot);
      // Where the ring is full, the first message says the same.
      publication.tellBeginning();
      return publication;
    });
  }

  private void tellBeginning() {
    final long position = writer.claim(0, TYPE_UP, OFFERED);
    if (position >= 0) {
      writer.commitOffer(position, 0);
    }
  }

  // ---- The application ----

  @Override
  public long offer(final DirectBuffer source, final int offset, final int length) {
    if ((length | (ring.maxMessageLength - length)) < 0) {
      return MESSAGE_TOO_LARGE;
    }
    source.boundsCheck(offset, length); // Once claimed, nothing may fail.
    if (closed) {
      return CLOSED;
    }
    long end = IpcWriter.LEASE_LOST;
    if (writer.isAlone()) {
      end = writer.offerAlone(source, offset, length);
    }
    if (end == IpcWriter.LEASE_LOST) {
      end = offerAmongOthers(source, offset, length);
    }
    return end < 0 ? refused(end) : end;
  }

  private long offerAmongOthers(final DirectBuffer source, final int offset, final int length) {
    final long position = writer.claimAmongOthers(length, TYPE_MESSAGE, OFFERED);
    if (position < 0) {
      return position;
    }
    MessageCopy.put(buffer, writer.payloadIndex(position), source, offset, length);
    return writer.commitOffer(position, length);
  }

  @Override
  public long offer(
      final DirectBuffer first,
      final int firstOffset,
      final int firstLength,
      final DirectBuffer second,
      final int secondOffset,
      final int secondLength) {
    if ((firstLength | secondLength) < 0 || firstLength > ring.maxMessageLength - secondLength) {
      return MESSAGE_TOO_LARGE;
    }
    first.boundsCheck(firstOffset, firstLength); // Once claimed, nothing may fail.
    second.boundsCheck(secondOffset, secondLength);
    if (closed) {
      return CLOSED;
    }
    final int length = firstLength + secondLength;
    final long position = writer.claim(length, TYPE_MESSAGE, OFFERED);
    long end = position;
    if (position >= 0) {
      final int index = writer.payloadIndex(position);
      MessageCopy.put(buffer, index, first, firstOffset, firstLength);
      MessageCopy.put(buffer, index + firstLength, second, secondOffset, secondLength);
      end = writer.commitOffer(position, length);
    }
    return end < 0 ? refused(end) : end;
  }

  @Override
  public long offer(final MessageParts parts) {
    return parts.offerTo(this);
  }

  @Override
  public long offer(
      final DirectBuffer[] buffers, final int[] offsets, final int[] lengths, final int count) {
    int length = 0;
    for (int i = 0; i < count; i++) {
      if (lengths[i] < 0 || lengths[i] > ring.maxMessageLength - length) {
        return MESSAGE_TOO_LARGE;
      }
      buffers[i].boundsCheck(offsets[i], lengths[i]); // Once claimed, nothing may fail.
      length += lengths[i];
    }
    if (closed) {
      return CLOSED;
    }
    final long position = writer.claim(length, TYPE_MESSAGE, OFFERED);
    long end = position;
    if (position >= 0) {
      int index = writer.payloadIndex(position);
      for (int i = 0; i < count; i++) {
        MessageCopy.put(buffer, index, buffers[i], offsets[i], lengths[i]);
        index += lengths[i];
      }
      end = writer.commitOffer(position, length);
    }
    return end < 0 ? refused(end) : end;
  }

  @Override
  public long tryClaim(final int length, final Claim claim) {
    if (closed) {
      return CLOSED;
    }
    final long position = writer.claim(length, TYPE_MESSAGE, CLAIMED);
    if (position < 0) {
      return refused(position);
    }
    claim.wrap(this, position, buffer, writer.payloadIndex(position), length);
    return position + aligned(length + HEADER_LENGTH);
  }

  @Override
  public void commit(final long token) {
    writer.commitClaim(token);
  }

  @Override
  public void abort(final long token) {
    writer.abortClaim(token);
  }

  private long refused(final long result) {
    if (result == RingResult.CLOSED) {
      return CLOSED;
    }
    Thread.onSpinWait(); // the reader may run on the other half of this core
    if ((++refusals & (REFUSALS_A_TURN - 1)) == 0) {
      engine.turn(); // where the engine is invoked, nothing else would look for dead subscribers
    }
    if (result == RingResult.MESSAGE_TOO_LARGE) {
      return MESSAGE_TOO_LARGE;
    }
    return result == RingResult.MAX_POSITION_EXCEEDED ? MAX_POSITION_EXCEEDED : BACK_PRESSURED;
  }

  @Override
  public int messageLimit() {
    return ring.maxMessageLength;
  }

  @Override
  public long position() {
    return ring.tail();
  }

  @Override
  public long acknowledgedPosition() {
    long position = ring.acknowledged();
    while (position == IpcRing.UNSTABLE) {
      Thread.onSpinWait();
      position = ring.acknowledged();
    }
    return position;
  }

  @Override
  public boolean isConnected() {
    return !closed && ring.subscribers() > 0;
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public @Nullable EndReason endReason() {
    return closed ? EndReason.CLOSED_HERE : null;
  }

  @Override
  public long sessionId() {
    return ring.sessionId(writer.owner());
  }

  @Override
  public boolean drain(final long timeout, final TimeUnit unit) {
    final long target = ring.tail();
    final long startNs = System.nanoTime();
    final long timeoutNs = unit.toNanos(timeout);
    while (ring.acknowledged() < target) {
      if (System.nanoTime() - startNs >= timeoutNs) {
        return ring.acknowledged() >= target;
      }
      if (engine.turn() == 0) {
        LockSupport.parkNanos(WAIT_NS);
      }
    }
    return true;
  }

  /** A ring keeps what it accepted: there is never a lost session to look back at. */
  @Override
  public int unacknowledged(final MessageHandler handler) {
    return 0;
  }

  @Override
  public Channel channel() {
    return channel;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      writer.close();
      engine.execute(this::beginClose);
    }
  }

  // ---- Turns ----

  @Override
  public boolean work(final long nowNs) {
    final boolean ticked = !left && caretaker.tick(nowNs);
    if (leaving && !left) {
      if (leavingSinceNs == 0) {
        leavingSinceNs = nowNs | 1;
      }
      return finish(nowNs - leavingSinceNs, ticked) || ticked;
    }
    return ticked;
  }

  /** One more step of a close: the last record, the offers still under way, the place. */
  private boolean finish(final long goneNs, final boolean ticked) {
    final boolean lingered = goneNs >= lingerNs;
    if (endPosition == NOT_TOLD && (handedOver(ticked) || lingered) && writer.hasRoom()) {
      tellEnd();
    }
    final boolean done =
        endPosition == NOT_TOLD
            ? lingered
            : !ring.holdsOfferOf(writer.owner(), endPosition)
                || goneNs >= Math.max(lingerNs, IpcMembership.OFFER_LIMIT_NS);
    if (done) {
      leave();
    }
    return done;
  }

  /**
   * Under the lock, so that whoever joins behind the last record does not take this for present.
   * Without the lease first, so that nothing claimed later moves the tail unseen.
   */
  private void tellEnd() {
    file.alone(() -> {
      final IpcMembership membership = new IpcMembership(ring);
      membership.revokeLease();
      final long position = writer.claimAmongOthers(0, TYPE_DOWN, OFFERED);
      if (position >= 0) {
        writer.commitOffer(position, 0);
        endPosition = position;
        membership.retirePublisher(slot);
      }
      return true;
    });
  }

  /** What is in the ring is a subscriber's to read, once there is one. */
  private boolean handedOver(final boolean look) {
    handedOver |= ring.subscribers() > 0 || (look && !ring.holdsMessageOf(writer.owner()));
    return handedOver;
  }

  @Override
  public void beginClose() {
    closed = true;
    writer.close();
    if (!leaving) {
      leaving = true;
      handedOver = ring.subscribers() > 0 || !ring.holdsMessageOf(writer.owner());
    }
  }

  @Override
  public boolean hasLeft() {
    return left;
  }

  @Override
  public void leave() {
    if (!left) {
      file.alone(() -> {
        final IpcMembership membership = new IpcMembership(ring);
        if (endPosition == NOT_TOLD) {
          membership.revokeLease();
          membership.abandonPublisher(slot);
        } else {
          membership.leavePublisher(slot);
        }
        if (membership.isEmpty()) {
          file.remove();
        }
        return true;
      });
      left = true;
    }
  }
}
