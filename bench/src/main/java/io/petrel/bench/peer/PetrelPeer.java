package io.petrel.bench.peer;

import io.petrel.bench.loss.DatagramLoss;
import io.petrel.bench.loss.LossyPortFactory;
import io.petrel.transport.Context;
import io.petrel.transport.MessageHandler;
import io.petrel.transport.Options;
import io.petrel.transport.Petrel;
import io.petrel.transport.Publication;
import io.petrel.transport.Session;
import io.petrel.transport.Subscription;
import io.petrel.transport.Threading;
import java.util.List;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Petrel by one of its schemes, at its defaults but for the datagram size: an invoked engine in
 * each process, exclusive publications. Where the scheme has duplex sessions there is one, else a
 * channel each way.
 */
final class PetrelPeer implements Peer {
  private static final int POLL_LIMIT = 256;

  /** rudp's own default for a fixed window; a path that holds less needs no other. */
  private static final long LEAST_WINDOW = 128 * 1024;

  /** Aeron through this API. */
  static final String AERON = "petrel-aeron";

  private final String scheme;

  PetrelPeer(String scheme) {
    this.scheme = scheme;
  }

  @Override
  public String name() {
    return scheme;
  }

  @Override
  public @Nullable String unavailable(boolean bulk, double loss) {
    if (loss <= 0) {
      return null;
    }
    return switch (scheme) {
      case "rudp" -> null;
      case "ipc" -> "shared memory loses nothing";
      case AERON -> "the datagrams are Aeron's; peer aeron shows what it does with loss";
      default -> "its segments are the kernel's, where no endpoint can drop them";
    };
  }

  @Override
  public Endpoint open(Setup setup) {
    return switch (scheme) {
      case "ipc" ->
          setup.initiator()
              ? new Channels(setup, "defaults", "ipc://reply", "ipc://request")
              : new Channels(setup, "defaults", "ipc://request", "ipc://reply");
      case AERON -> overAeron(setup);
      default ->
          new Duplex(
              setup,
              scheme
                  + "://"
                  + setup.route().responderHost()
                  + ":"
                  + setup.port()
                  + congestion(setup));
    };
  }

  /** Tuned as the plain Aeron beside it. */
  private static Endpoint overAeron(Setup setup) {
    int window = AeronPeer.windowLength(setup);
    AeronTuning.ofEmbedded(setup.mtu(), window);
    return new Channels(
        setup,
        "aeron: over " + AeronTuning.version() + ", mtu " + setup.mtu() + ", window " + window,
        AeronPeer.udp(setup.localHost(), setup.localPort()),
        AeronPeer.udp(setup.remoteHost(), setup.remotePort()));
  }

  @Override
  public boolean needsOneHost() {
    return scheme.equals("ipc");
  }

  @Override
  public List<String> controllers() {
    return switch (scheme) {
      case "rudp" -> List.of("cubic", "bbr", "fixed");
      case "tcp" -> List.of("cubic", "bbr");
      default -> List.of();
    };
  }

  @Override
  public boolean usesKernelTcp() {
    return scheme.equals("tcp");
  }

  /** The kernel chooses TCP's; of rudp's own, the fixed one is told how much the path holds. */
  private String congestion(Setup setup) {
    if (!scheme.equals("rudp") || setup.controller().isEmpty()) {
      return "";
    }
    String chosen = "?cc=" + setup.controller() + "&loss-threshold=" + setup.lossThreshold();
    long window = setup.route().bytesInFlight();
    return setup.controller().equals("fixed") && window > LEAST_WINDOW
        ? chosen + "&window=" + window
        : chosen;
  }

  /** What both kinds share: the engine, a publication and a subscription once they are there. */
  private abstract static class PetrelEndpoint implements Endpoint {
    final Petrel petrel;
    private final DatagramLoss loss;
    private final String settings;
    private @Nullable MessageSink sink;
    private final MessageHandler handler =
        (buffer, offset, length, header) -> {
          if (sink != null) {
            sink.onMessage(buffer, offset, length);
          }
        };

    @Nullable Publication publication;
    @Nullable Subscription subscription;

    PetrelEndpoint(Setup setup, String what) {
      settings =
          "Petrel, " + what + ", engine invoked by one thread a side, exclusive publications";
      loss = setup.newLoss();
      if (setup.loss() > 0) {
        LossyPortFactory.inject(loss);
      }
      petrel =
          Petrel.launch(
              new Context()
                  .threading(Threading.INVOKER)
                  .set(Options.DIR, setup.directory().toString()));
    }

    @Override
    public boolean connected() {
      poll((buffer, offset, length) -> {}); // a session shows itself to who polls
      return publication != null
          && publication.isConnected()
          && subscription != null
          && subscription.isConnected();
    }

    @Override
    public boolean send(DirectBuffer buffer, int offset, int length) {
      Publication out = publication;
      return out != null && out.offer(buffer, offset, length) > 0;
    }

    @Override
    public int poll(MessageSink messageSink) {
      sink = messageSink;
      Subscription in = subscription;
      return in == null ? petrel.work() : in.poll(handler, POLL_LIMIT);
    }

    @Override
    public long injectedDrops() {
      return loss.drops();
    }

    @Override
    public String settings() {
      return settings;
    }

    @Override
    public void close() {
      petrel.close();
    }
  }

  /** A session of one socket, both ways. */
  private static final class Duplex extends PetrelEndpoint {
    Duplex(Setup setup, String uri) {
      super(setup, uri.contains("?") ? uri.substring(uri.indexOf('?') + 1) : "defaults");
      if (setup.initiator()) {
        use(petrel.connect(uri));
      } else {
        petrel.listen(uri, this::use);
      }
    }

    private void use(Session session) {
      publication = session.publish(0, true);
      subscription = session.subscribe(0);
    }
  }

  /** A channel each way. */
  private static final class Channels extends PetrelEndpoint {
    Channels(Setup setup, String what, String in, String out) {
      super(setup, what);
      subscription = petrel.subscribe(in);
      publication = petrel.publishExclusive(out);
    }
  }
}
