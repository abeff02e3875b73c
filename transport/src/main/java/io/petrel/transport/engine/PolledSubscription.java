package io.petrel.transport.engine;

import io.petrel.transport.Channel;
import io.petrel.transport.ControlledMessageHandler;
import io.petrel.transport.MessageHandler;
import io.petrel.transport.SessionEvents;
import io.petrel.transport.SessionInfo;
import io.petrel.transport.Subscription;
import io.petrel.transport.flight.FlightEvents;
import io.petrel.transport.spi.Source;
import io.petrel.transport.spi.SubscriptionPort;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.collections.ArrayUtil;
import org.agrona.concurrent.ManyToOneConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Polls the sources that a transport attached, in turn. Sources come from the engine's turn through
 * a queue and belong to the polling thread from then on, which also tells of them: so events are in
 * order with the data.
 */
final class PolledSubscription implements Subscription, SubscriptionPort {
  private final Engine engine;
  private final Channel channel;
  private final @Nullable SocketAddress localAddress;
  private final SessionEvents events;
  private final int sourceLimit;
  private final Runnable onClose;

  /** Attached and not yet dismissed: bounds the queue too. */
  private final AtomicInteger attached = new AtomicInteger();

  private final ManyToOneConcurrentLinkedQueue<Source> arrivals =
      new ManyToOneConcurrentLinkedQueue<>();

  private volatile boolean closed; // any thread closes, the polling one must see it

  // The polling thread's own.
  private Source[] sources = new Source[0];
  private int next;

  // Written by the polling thread, read by any that asks.
  private volatile int sessionCount;

  PolledSubscription(
      Engine engine,
      Channel channel,
      @Nullable SocketAddress localAddress,
      SessionEvents events,
      int sourceLimit,
      Runnable onClose) {
    this.engine = engine;
    this.channel = channel;
    this.localAddress = localAddress;
    this.events = events;
    this.sourceLimit = sourceLimit;
    this.onClose = onClose;
  }

  @Override
  public int poll(MessageHandler handler, int limit) {
    engine.turn();
    Source[] current = ready();
    int count = 0;
    int index = next;
    for (int i = 0; i < current.length && count < limit; i++) {
      index = index < current.length ? index : 0;
      Source source = current[index++];
      int messages = source.poll(handler, limit - count);
      count += messages;
      if (messages == 0 && source.isEnded()) {
        dismiss(source);
      }
    }
    next = index;
    return count;
  }

  @Override
  public int controlledPoll(ControlledMessageHandler handler, int limit) {
    engine.turn();
    Source[] current = ready();
    int count = 0;
    int index = next;
    for (int i = 0; i < current.length && count < limit; i++) {
      index = index < current.length ? index : 0;
      Source source = current[index++];
      int messages = source.controlledPoll(handler, limit - count);
      count += messages;
      if (messages == 0 && source.isEnded()) {
        dismiss(source);
      }
    }
    next = index;
    return count;
  }

  /** The sources to poll, with those that came since the last poll; none after a close. */
  private Source[] ready() {
    if (closed) {
      sources = new Source[0];
      sessionCount = 0;
    } else if (!arrivals.isEmpty()) {
      Source source = arrivals.poll();
      while (source != null) {
        admit(source);
        source = arrivals.poll();
      }
    }
    return sources;
  }

  private void admit(Source source) {
    source.begin(events);
    sources = ArrayUtil.add(sources, source);
    sessionCount = sources.length;
    SessionInfo session = source.session();
    FlightEvents.sessionUp(session.sessionId(), session.stream(), session.remoteAddress());
    try {
      events.onSessionUp(session);
    } catch (Throwable e) {
      engine.onError(e);
    }
  }

  /** Makes a new array, since a poll may be going through the old one. */
  private void dismiss(Source gone) {
    sources = ArrayUtil.remove(sources, gone);
    sessionCount = sources.length;
    attached.decrementAndGet();
    SessionInfo session = gone.session();
    FlightEvents.sessionDown(
        session.sessionId(),
        session.stream(),
        session.remoteAddress(),
        gone.endReason().name(),
        gone.position());
    try {
      events.onSessionDown(session, gone.endReason(), gone.position());
    } catch (Throwable e) {
      engine.onError(e);
    }
  }

  @Override
  public Subscription subscription() {
    return this;
  }

  @Override
  public boolean attach(Source source) {
    if (closed || attached.get() >= sourceLimit) {
      return false;
    }
    attached.incrementAndGet();
    return arrivals.offer(source);
  }

  @Override
  public void closed() {
    closed = true;
  }

  @Override
  public int sessionCount() {
    return sessionCount;
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public @Nullable SocketAddress localAddress() {
    return localAddress;
  }

  @Override
  public Channel channel() {
    return channel;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      engine.execute(onClose);
    }
  }
}
