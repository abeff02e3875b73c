package io.petrel.bench.peer;

import io.aeron.Aeron;
import io.aeron.CommonContext;
import io.aeron.ExclusivePublication;
import io.aeron.FragmentAssembler;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.driver.ext.DebugChannelEndpointConfiguration;
import io.aeron.driver.ext.DebugReceiveChannelEndpointSupplier;
import io.aeron.driver.ext.DebugSendChannelEndpointSupplier;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.protocol.DataHeaderFlyweight;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.NoOpIdleStrategy;
import org.jspecify.annotations.Nullable;

/**
 * Aeron with its low-latency settings for two cores: an embedded media driver in each process,
 * driver and client invoked by the one thread of that process, exclusive publications, log buffers
 * touched ahead. Over shared memory the responder's driver serves both.
 */
final class AeronPeer implements Peer {
  private static final int TERM_LENGTH = 16 * 1024 * 1024;
  private static final int SOCKET_BUFFER_LENGTH = 4 * 1024 * 1024;
  private static final int BULK_WINDOW_LENGTH = 2 * 1024 * 1024;
  private static final int LATENCY_WINDOW_LENGTH = 128 * 1024;
  private static final long PATIENT_NS = TimeUnit.SECONDS.toNanos(120);
  private static final int REQUEST_STREAM = 10;
  private static final int REPLY_STREAM = 11;
  private static final int FRAGMENT_LIMIT = 256;

  private final boolean ipc;

  AeronPeer(boolean ipc) {
    this.ipc = ipc;
  }

  @Override
  public String name() {
    return ipc ? "aeron-ipc" : "aeron";
  }

  @Override
  public @Nullable String unavailable(boolean bulk, double loss) {
    return ipc && loss > 0 ? "shared memory loses nothing" : null;
  }

  @Override
  public Endpoint open(Setup setup) {
    return new AeronEndpoint(setup, ipc);
  }

  private static final class AeronEndpoint implements Endpoint {
    private final Setup setup;
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

    AeronEndpoint(Setup setup, boolean ipc) {
      this.setup = setup;
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
      if (setup.loss() > 0) {
        injectLoss(setup);
      }
      driver = ipc && setup.initiator() ? null : launchDriver(setup, directory);
      driverInvoker = driver == null ? null : driver.sharedAgentInvoker();
      Aeron.Context context =
          new Aeron.Context()
              .aeronDirectoryName(directory)
              .useConductorAgentInvoker(true)
              .keepAliveIntervalNs(TimeUnit.SECONDS.toNanos(1))
              .preTouchMappedMemory(true);
      if (driverInvoker != null) {
        context.driverAgentInvoker(driverInvoker);
      }
      aeron = Aeron.connect(context);
      clientInvoker = aeron.conductorAgentInvoker();
      String in = ipc ? "aeron:ipc" : "aeron:udp?endpoint=127.0.0.1:" + setup.localPort();
      String out = ipc ? "aeron:ipc" : "aeron:udp?endpoint=127.0.0.1:" + setup.remotePort();
      subscription = aeron.addSubscription(in, setup.initiator() ? REPLY_STREAM : REQUEST_STREAM);
      publication =
          aeron.addExclusivePublication(out, setup.initiator() ? REQUEST_STREAM : REPLY_STREAM);
      settings =
          "Aeron "
              + MediaDriver.class.getPackage().getImplementationVersion()
              + (ipc ? " ipc" : " udp mtu " + setup.mtu() + ", window " + windowLength(setup))
              + ", driver and client invoked by one thread a side, exclusive publications, terms of"
              + " "
              + TERM_LENGTH
              + " touched ahead";
    }

    private static int windowLength(Setup setup) {
      return setup.bulk() ? BULK_WINDOW_LENGTH : LATENCY_WINDOW_LENGTH;
    }

    private static void injectLoss(Setup setup) {
      String rate = Double.toString(setup.loss());
      String seed = Long.toString(setup.seed() + (setup.initiator() ? 0 : 1));
      System.setProperty(DebugChannelEndpointConfiguration.SEND_DATA_LOSS_RATE_PROP_NAME, rate);
      System.setProperty(DebugChannelEndpointConfiguration.SEND_DATA_LOSS_SEED_PROP_NAME, seed);
      System.setProperty(DebugChannelEndpointConfiguration.SEND_CONTROL_LOSS_RATE_PROP_NAME, rate);
      System.setProperty(DebugChannelEndpointConfiguration.SEND_CONTROL_LOSS_SEED_PROP_NAME, seed);
    }

    private static MediaDriver launchDriver(Setup setup, String directory) {
      MediaDriver.Context context =
          new MediaDriver.Context()
              .aeronDirectoryName(directory)
              .dirDeleteOnStart(true)
              .dirDeleteOnShutdown(true)
              .threadingMode(ThreadingMode.INVOKER)
              .sharedIdleStrategy(NoOpIdleStrategy.INSTANCE)
              .termBufferSparseFile(false)
              .performStorageChecks(false)
              .publicationTermBufferLength(TERM_LENGTH)
              .ipcTermBufferLength(TERM_LENGTH)
              .mtuLength(setup.mtu())
              .ipcMtuLength(setup.mtu())
              .socketRcvbufLength(SOCKET_BUFFER_LENGTH)
              .socketSndbufLength(SOCKET_BUFFER_LENGTH)
              .initialWindowLength(windowLength(setup))
              .clientLivenessTimeoutNs(PATIENT_NS)
              .publicationUnblockTimeoutNs(PATIENT_NS + TimeUnit.SECONDS.toNanos(5))
              .imageLivenessTimeoutNs(TimeUnit.SECONDS.toNanos(60));
      if (setup.loss() > 0) {
        context
            .sendChannelEndpointSupplier(new DebugSendChannelEndpointSupplier())
            .receiveChannelEndpointSupplier(new DebugReceiveChannelEndpointSupplier());
      }
      System.setProperty(CommonContext.DRIVER_TIMEOUT_PROP_NAME, "120000");
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
