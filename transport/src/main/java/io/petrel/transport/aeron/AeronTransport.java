package io.petrel.transport.aeron;

import io.aeron.Aeron;
import io.aeron.AeronCounters;
import io.aeron.ChannelUri;
import io.aeron.CommonContext;
import io.aeron.exceptions.AeronException;
import io.petrel.transport.Channel;
import io.petrel.transport.ConfigurationException;
import io.petrel.transport.Options;
import io.petrel.transport.PetrelException;
import io.petrel.transport.Publication;
import io.petrel.transport.SessionEvents;
import io.petrel.transport.Subscription;
import io.petrel.transport.spi.EngineHandle;
import io.petrel.transport.spi.SendSide;
import io.petrel.transport.spi.SubscriptionPort;
import io.petrel.transport.spi.Transport;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.agrona.concurrent.status.CountersReader;
import org.jspecify.annotations.Nullable;

/**
 * All of one engine's Aeron. A turn runs the embedded driver and, now and then, the client, which
 * tells of what comes and goes. Opening waits for the driver's answer: an embedded one gives it in
 * this very call, one elsewhere within its own turns.
 */
final class AeronTransport implements Transport, SendSide {
  /** From one look at what the driver tells to the next. */
  private static final long CLIENT_INTERVAL_NS = TimeUnit.MICROSECONDS.toNanos(100);

  /** After its linger a publication still has to see that nobody is in it. */
  private static final long MERCY_NS = TimeUnit.MILLISECONDS.toNanos(100);

  private final EngineHandle engine;
  private final AeronDriver driver;
  private final Aeron aeron;
  private final long lingerNs;
  private final List<AeronPublication> publications = new ArrayList<>();
  private final List<AeronSubscriber> subscribers = new ArrayList<>();
  private long nextClientNs;
  private long turns;
  private long closingSinceNs;

  AeronTransport(EngineHandle engine, boolean embedded) {
    this.engine = engine;
    driver =
        refusing(
            "aeron:",
            () ->
                embedded
                    ? AeronDriver.embedded(engine)
                    : AeronDriver.external(engine, engine.context().value(AeronOptions.DIRECTORY)));
    aeron = driver.aeron();
    lingerNs = engine.context().value(Options.LINGER);
    nextClientNs = System.nanoTime();
  }

  private static <T> T refusing(Object what, Supplier<T> action) {
    try {
      return action.get();
    } catch (AeronException e) {
      throw new PetrelException(what + ": Aeron refuses it: " + e.getMessage(), e);
    }
  }

  @Override
  public Publication publish(
      Channel channel, @Nullable InetSocketAddress address, boolean exclusive) {
    ChannelUri uri = parsed(channel);
    int stream = stream(channel, uri);
    String text = uri.toString();
    io.aeron.Publication opened =
        refusing(
            channel,
            () ->
                exclusive
                    ? aeron.addExclusivePublication(text, stream)
                    : aeron.addPublication(text, stream));
    AeronPublication publication = new AeronPublication(engine, this, channel, opened, exclusive);
    publications.add(publication);
    return publication;
  }

  @Override
  public Subscription subscribe(
      Channel channel, @Nullable InetSocketAddress address, SessionEvents events) {
    ChannelUri uri = parsed(channel);
    int stream = stream(channel, uri);
    String text = uri.toString();
    AeronSubscriber subscriber = new AeronSubscriber(engine, stream);
    SubscriptionPort port =
        refusing(
            channel,
            () ->
                subscriber.open(
                    channel, aeron.addSubscription(text, stream, subscriber, image -> {}), events));
    subscribers.add(subscriber);
    return port.subscription();
  }

  private static ChannelUri parsed(Channel channel) {
    try {
      return ChannelUri.parse(channel.toString());
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(
          "URI '"
              + channel
              + "' is not Aeron's: "
              + e.getMessage()
              + "; it is aeron:ipc or aeron:udp?endpoint=host:port, parameters parted by |");
    }
  }

  /** Aeron's URI names it by a parameter that is otherwise the Archive's. */
  private int stream(Channel channel, ChannelUri uri) {
    String named = uri.remove(CommonContext.STREAM_ID_PARAM_NAME);
    if (named == null) {
      return engine.context().value(Options.STREAM);
    }
    try {
      return Integer.parseInt(named);
    } catch (NumberFormatException e) {
      throw new ConfigurationException(
          "URI '" + channel + "': stream-id '" + named + "' is not a whole number");
    }
  }

  /** Turns so far, for who would rather not send twice in one. */
  long turns() {
    return turns;
  }

  /** Whether what a publication holds is lost if the driver goes with this engine. */
  boolean mustSend(io.aeron.Publication publication) {
    return driver.isEmbedded() && !publication.channel().startsWith(CommonContext.IPC_CHANNEL);
  }

  /** Whether the driver has let a closed publication go: it is sent, and its receivers said so. */
  boolean hasSent(io.aeron.Publication publication) {
    return aeron.isClosed()
        || aeron
                .countersReader()
                .findByTypeIdAndRegistrationId(
                    AeronCounters.DRIVER_PUBLISHER_LIMIT_TYPE_ID,
                    publication.originalRegistrationId())
            == CountersReader.NULL_COUNTER_ID;
  }

  @Override
  public void flush() {
    driver.invokeDriver();
  }

  @Override
  public int work(long nowNs) {
    turns++;
    int done = driver.invokeDriver();
    if (nowNs - nextClientNs >= 0) {
      nextClientNs = nowNs + CLIENT_INTERVAL_NS;
      done += driver.invokeClient();
      done += care(nowNs);
    }
    return done;
  }

  /** For what is being closed. */
  private int care(long nowNs) {
    int done = 0;
    for (int i = publications.size() - 1; i >= 0; i--) {
      AeronPublication publication = publications.get(i);
      done += publication.work(nowNs) ? 1 : 0;
      if (publication.hasLeft() && !publication.isInUse()) {
        publications.remove(i);
      }
    }
    for (int i = subscribers.size() - 1; i >= 0; i--) {
      if (subscribers.get(i).isClosed() && !subscribers.get(i).isPolled()) {
        subscribers.remove(i);
      }
    }
    return done;
  }

  @Override
  public void beginClose(long nowNs) {
    closingSinceNs = nowNs;
    publications.forEach(AeronPublication::beginClose);
  }

  @Override
  public boolean isQuiet() {
    boolean lingered = System.nanoTime() - closingSinceNs >= lingerNs + MERCY_NS;
    if (!publications.isEmpty() && !lingered) {
      return false;
    }
    subscribers.forEach(AeronSubscriber::close);
    return lingered || subscribers.stream().noneMatch(AeronSubscriber::isPolled);
  }

  @Override
  public void close() {
    publications.clear();
    subscribers.clear();
    driver.close();
  }
}
