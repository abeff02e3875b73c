package io.petrel.bench.peer;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.FragmentAssembler;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ext.CubicCongestionControlConfiguration;
import io.aeron.driver.ext.DebugReceiveChannelEndpoint;
import io.aeron.driver.ext.DebugSendChannelEndpoint;
import io.aeron.driver.ext.LossGenerator;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.protocol.DataHeaderFlyweight;
import io.petrel.bench.loss.DatagramLoss;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.AgentInvoker;
import org.jspecify.annotations.Nullable;

/**
 * Aeron with its low-latency settings for two cores: an embedded media driver in each process,
 * driver and client invoked by the one thread of that process, exclusive publications, log buffers
 * touched ahead. Over shared memory the responder's driver serves both.
 */
final class AeronPeer implements Peer {
  private static final int BULK_WINDOW_LENGTH = 2 * 1024 * 1024;
  private static final int LATENCY_WINDOW_LENGTH = 128 * 1024;
  private static final long LEAST_RETRY_NS = TimeUnit.MICROSECONDS.toNanos(200);
  private static final int REQUEST_STREAM = 10;
  private static final int REPLY_STREAM = 11;
  private static final int FRAGMENT_LIMIT = 256;

  /** How Aeron may be run. */
  enum Kind {
    /** Its own loss recovery and its static window. */
    UDP("aeron"),
    /** The times of its loss recovery set to the path's round trip. */
    TUNED("aeron-tuned"),
    /** Its own congestion control in place of the static window. */
    CUBIC("aeron-cubic"),
    IPC("aeron-ipc");

    private final String peer;

    Kind(String peer) {
      this.peer = peer;
    }
  }

  private final Kind kind;

  AeronPeer(Kind kind) {
    this.kind = kind;
  }

  @Override
  public String name() {
    return kind.peer;
  }

  @Override
  public @Nullable String unavailable(boolean bulk, double loss) {
    return kind == Kind.IPC && loss > 0 ? "shared memory loses nothing" : null;
  }

  @Override
  public List<String> controllers() {
    return switch (kind) {
      case CUBIC -> List.of("cubic");
      case UDP, TUNED -> List.of("static");
      case IPC -> List.of();
    };
  }

  @Override
  public boolean needsOneHost() {
    return kind == Kind.IPC;
  }

  @Override
  public Endpoint open(Setup setup) {
    return new AeronEndpoint(setup, kind);
  }

  static String udp(String host, int port) {
    return "aeron:udp?endpoint=" + host + ":" + port;
  }

  /** On a path of known length twice what it holds, so that its queue is not flooded. */
  static int windowLength(Setup setup) {
    if (setup.route().isLoopback()) {
      return setup.bulk() ? BULK_WINDOW_LENGTH : LATENCY_WINDOW_LENGTH;
    }
    long wanted = 2 * setup.route().bytesInFlight();
    return Math.clamp(wanted, LATENCY_WINDOW_LENGTH, BULK_WINDOW_LENGTH);
  }

  private static final class AeronEndpoint implements Endpoint {
    private final Setup setup;
    private final DatagramLoss loss;
    private final @Nullable MediaDriver driver;
    private final @Nullable AgentInvoker driverInvoker;
    private final Aeron aeron;
    private final AgentInvoker clientInvoker;
    private final ExclusivePublication publication;
    private final Subscription subscription;
    private final String settings;
    private @Nullable MessageSink sink;
    private int turn;

    private final FragmentHandler handler;

    AeronEndpoint(Setup setup, Kind kind) {
      this.setup = setup;
      boolean ipc = kind == Kind.IPC;
      FragmentHandler whole =
          (buffer, offset, length, header) -> {
            if (sink != null) {
              sink.onMessage(buffer, offset, length);
            }
          };
      handler =
          setup.size() <= setup.mtu() - DataHeaderFlyweight.HEADER_LENGTH
              ? whole
              : new FragmentAssembler(whole);
      String directory =
          setup.directory().resolve(ipc || !setup.initiator() ? "aeron" : "aeron-a").toString();
      loss = setup.newLoss();
      driver = ipc && setup.initiator() ? null : launchDriver(setup, kind, directory, loss);
      driverInvoker = driver == null ? null : driver.sharedAgentInvoker();
      Aeron.Context context = AeronTuning.client(directory);
      if (driverInvoker != null) {
        context.driverAgentInvoker(driverInvoker);
      }
      aeron = Aeron.connect(context);
      clientInvoker = aeron.conductorAgentInvoker();
      String cc = kind == Kind.CUBIC ? "|cc=cubic" : "";
      String in = ipc ? "aeron:ipc" : udp(setup.localHost(), setup.localPort()) + cc;
      String out = ipc ? "aeron:ipc" : udp(setup.remoteHost(), setup.remotePort()) + cc;
      subscription = aeron.addSubscription(in, setup.initiator() ? REPLY_STREAM : REQUEST_STREAM);
      publication =
          aeron.addExclusivePublication(out, setup.initiator() ? REQUEST_STREAM : REPLY_STREAM);
      settings =
          AeronTuning.version()
              + (ipc ? " ipc" : " udp mtu " + setup.mtu() + ", window " + windowLength(setup))
              + (kind == Kind.CUBIC ? ", its own cubic with the round trip measured" : "")
              + (kind == Kind.TUNED ? ", " + recovery(setup) : "")
              + ", driver and client invoked by one thread a side, exclusive publications, terms of"
              + " "
              + AeronTuning.TERM_LENGTH
              + " touched ahead";
    }

    /** Asks again when an answer is overdue, and answers again when it may have been lost. */
    private static long retryNs(Setup setup) {
      return Math.max(LEAST_RETRY_NS, setup.route().roundTripNs() * 5 / 4);
    }

    private static String recovery(Setup setup) {
      return "NAK repeated after "
          + retryNs(setup) / 1000
          + " us, retransmission not repeated within "
          + retryNs(setup) / 2000
          + " us";
    }

    /** Drops what is sent, data and control alike, and nothing that is received. */
    private static void injectLoss(MediaDriver.Context driver, DatagramLoss loss) {
      LossGenerator some = (address, buffer, length) -> loss.next();
      LossGenerator none = (address, buffer, length) -> false;
      driver
          .sendChannelEndpointSupplier((channel, indicator, context) ->
              new DebugSendChannelEndpoint(channel, indicator, context, some, none))
          .receiveChannelEndpointSupplier((channel, dispatcher, indicator, context) ->
              new DebugReceiveChannelEndpoint(channel, dispatcher, indicator, context, none, some));
    }

    private static MediaDriver launchDriver(
        Setup setup, Kind kind, String directory, DatagramLoss loss) {
      MediaDriver.Context context = AeronTuning.driver(directory, setup.mtu(), windowLength(setup));
      if (kind == Kind.TUNED) {
        context
            .nakUnicastRetryDelayRatio(retryNs(setup) / context.nakUnicastDelayNs())
            .retransmitUnicastLingerNs(retryNs(setup) / 2);
      }
      if (kind == Kind.CUBIC) {
        System.setProperty(CubicCongestionControlConfiguration.MEASURE_RTT_PROP_NAME, "true");
        System.setProperty(
            CubicCongestionControlConfiguration.INITIAL_RTT_NS_PROP_NAME,
            Long.toString(Math.max(LEAST_RETRY_NS, setup.route().roundTripNs())));
      }
      if (setup.loss() > 0) {
        injectLoss(context, loss);
      }
      return MediaDriver.launchEmbedded(context);
    }

    @Override
    public boolean connected() {
      work();
      return publication.isConnected() && subscription.isConnected();
    }

    private void work() {
      if (driverInvoker != null) {
        driverInvoker.invoke();
      }
      // The client's own conductor has nothing to do on the data path.
      if ((turn++ & 0x3F) == 0) {
        clientInvoker.invoke();
      }
    }

    @Override
    public boolean send(DirectBuffer buffer, int offset, int length) {
      boolean accepted = publication.offer(buffer, offset, length) > 0;
      if (!setup.bulk() && driverInvoker != null) {
        driverInvoker.invoke();
      }
      return accepted;
    }

    @Override
    public int poll(MessageSink messageSink) {
      work();
      sink = messageSink;
      return subscription.poll(handler, FRAGMENT_LIMIT);
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
      aeron.close();
      if (driver != null) {
        driver.close();
      }
    }
  }
}
