package io.petrel.transport.aeron;

import io.aeron.AvailableImageHandler;
import io.aeron.Image;
import io.aeron.Subscription;
import io.petrel.transport.Channel;
import io.petrel.transport.Options;
import io.petrel.transport.PetrelException;
import io.petrel.transport.SessionEvents;
import io.petrel.transport.spi.EngineHandle;
import io.petrel.transport.spi.SubscriptionPort;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An Aeron subscription: its images become the sources of ours. Within turns only. */
final class AeronSubscriber implements AvailableImageHandler {
  private final EngineHandle engine;
  private final int stream;
  private final InFlight inFlight = new InFlight(false);

  /** Images that came before the port was there. */
  private final List<Image> early = new ArrayList<>();

  private @Nullable Subscription subscription;
  private @Nullable SubscriptionPort port;

  AeronSubscriber(EngineHandle engine, int stream) {
    this.engine = engine;
    this.stream = stream;
  }

  SubscriptionPort open(Channel channel, Subscription aeronSubscription, SessionEvents events) {
    subscription = aeronSubscription;
    SubscriptionPort opened =
        engine.newSubscription(
            channel,
            localAddress(aeronSubscription),
            events,
            engine.context().value(Options.SESSIONS),
            this::close);
    port = opened;
    early.forEach(image -> attach(opened, image));
    early.clear();
    return opened;
  }

  private static @Nullable SocketAddress localAddress(Subscription subscription) {
    for (String address : subscription.localSocketAddresses()) {
      int colon = address.lastIndexOf(':');
      return new InetSocketAddress(
          address.substring(0, colon).replaceAll("[\\[\\]]", ""),
          Integer.parseInt(address.substring(colon + 1)));
    }
    return null;
  }

  @Override
  public void onAvailableImage(Image image) {
    SubscriptionPort opened = port;
    if (opened == null) {
      early.add(image);
    } else {
      attach(opened, image);
    }
  }

  private void attach(SubscriptionPort opened, Image image) {
    if (!opened.attach(new AeronSource(engine, image, stream, inFlight))
        && !opened.subscription().isClosed()) {
      image.reject("too many sessions");
      engine.onError(
          new PetrelException(
              opened.subscription().channel()
                  + ": session "
                  + Integer.toUnsignedLong(image.sessionId())
                  + " is refused, there are as many as the option "
                  + Options.SESSIONS
                  + " allows"));
    }
  }

  boolean isPolled() {
    return !inFlight.isNone();
  }

  /** As the application has done, or as the transport does for it. */
  void close() {
    SubscriptionPort opened = port;
    if (opened != null) {
      opened.closed();
    }
    Subscription own = subscription;
    if (own != null) {
      own.close(); // Its images stay mapped for some seconds: a poll may be in one.
    }
  }

  boolean isClosed() {
    Subscription own = subscription;
    return own != null && own.isClosed();
  }
}
