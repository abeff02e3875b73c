package io.petrel.bench.fanout;

import io.petrel.bench.peer.Endpoint;
import io.petrel.bench.peer.Peer;
import io.petrel.bench.peer.Setup;
import io.petrel.transport.Context;
import io.petrel.transport.MessageHandler;
import io.petrel.transport.Options;
import io.petrel.transport.Petrel;
import io.petrel.transport.Publication;
import io.petrel.transport.Session;
import io.petrel.transport.Subscription;
import io.petrel.transport.Threading;
import io.petrel.transport.spi.TransportProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Petrel by one of its schemes: a publication to a group, or one to each of many connections. Each
 * receiver is a Petrel of its own, as if it were on a host of its own.
 */
final class PetrelFanOutPeer implements Peer {
  private static final int POLL_LIMIT = 256;

  /** All receivers share one machine's cache here, so their rings are small. */
  private static final String TUNING = "&fc=slowest&rate=unlimited&ring=1MiB";

  private final String scheme;

  PetrelFanOutPeer(String scheme) {
    this.scheme = scheme;
  }

  @Override
  public String name() {
    return scheme;
  }

  @Override
  public @Nullable String unavailable(boolean bulk, double loss) {
    for (TransportProvider provider : ServiceLoader.load(TransportProvider.class)) {
      if (provider.scheme().equals(scheme)) {
        return null;
      }
    }
    return "this build has no transport for " + scheme + "://";
  }

  @Override
  public Endpoint open(Setup setup) {
    return setup.initiator() ? new Sender(setup) : new Members(setup);
  }

  private boolean isGroup() {
    return scheme.equals("mcast");
  }

  private String uri(Setup setup) {
    return isGroup()
        ? "mcast://"
            + Group.address(setup)
            + ":"
            + setup.port()
            + "?interface="
            + Group.INTERFACE
            + TUNING
            + "&mtu="
            + setup.mtu()
        : scheme + "://" + Group.INTERFACE_ADDRESS + ":" + setup.remotePort();
  }

  private static Petrel launch(Setup setup, String name) {
    return Petrel.launch(
        new Context()
            .threading(Threading.INVOKER)
            .set(Options.DIR, setup.directory().resolve(name).toString()));
  }

  private final class Sender implements Endpoint {
    private final Petrel petrel;
    private final List<Publication> publications = new ArrayList<>();
    private final int wanted;

    /** So many publications have the message of now already. */
    private int accepted;

    Sender(Setup setup) {
      petrel = launch(setup, "sender");
      wanted = isGroup() ? 1 : setup.receivers();
      if (isGroup()) {
        publications.add(petrel.publishExclusive(uri(setup)));
      } else {
        String uri = scheme + "://" + Group.INTERFACE_ADDRESS + ":" + setup.localPort();
        petrel.listen(uri, session -> publications.add(session.publish(0, true)));
      }
    }

    @Override
    public boolean connected() {
      petrel.work();
      return publications.size() == wanted
          && publications.stream().allMatch(Publication::isConnected);
    }

    @Override
    public boolean send(DirectBuffer buffer, int offset, int length) {
      while (accepted < wanted) {
        if (publications.get(accepted).offer(buffer, offset, length) <= 0) {
          return false;
        }
        accepted++;
      }
      accepted = 0;
      return true;
    }

    @Override
    public int poll(MessageSink sink) {
      return petrel.work();
    }

    @Override
    public String settings() {
      return "Petrel, "
          + (isGroup() ? TUNING.substring(1).replace("&", ", ") : "a connection each")
          + ", else defaults, engines invoked, each receiver a Petrel of its own";
    }

    @Override
    public void close() {
      petrel.close();
    }
  }

  private final class Members extends Receivers {
    private final Petrel[] petrels;
    private final Subscription[] subscriptions;
    private final MessageHandler[] handlers;
    private MessageSink[] sinks = {};

    Members(Setup setup) {
      super(setup.receivers());
      petrels = new Petrel[count()];
      subscriptions = new Subscription[count()];
      handlers = new MessageHandler[count()];
      for (int i = 0; i < count(); i++) {
        int index = i;
        petrels[i] = launch(setup, "receiver-" + i);
        subscriptions[i] = subscribe(petrels[i], uri(setup));
        handlers[i] =
            (buffer, offset, length, header) -> sinks[index].onMessage(buffer, offset, length);
      }
    }

    private Subscription subscribe(Petrel petrel, String uri) {
      if (isGroup()) {
        return petrel.subscribe(uri);
      }
      Session session = petrel.connect(uri);
      return session.subscribe(0);
    }

    @Override
    public boolean connected() {
      poll((buffer, offset, length) -> {}); // a session shows itself to who polls
      for (Subscription subscription : subscriptions) {
        if (!subscription.isConnected()) {
          return false;
        }
      }
      return true;
    }

    @Override
    public int poll(MessageSink[] newSinks) {
      sinks = newSinks;
      int done = 0;
      for (int i = 0; i < subscriptions.length; i++) {
        done += subscriptions[i].poll(handlers[i], POLL_LIMIT);
      }
      return done;
    }

    @Override
    public String settings() {
      return "Petrel";
    }

    @Override
    public void close() {
      CloseHelper.closeAll(petrels);
    }
  }
}
