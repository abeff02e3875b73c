package io.petrel.bench.peer;

import io.aeron.Aeron;
import io.aeron.CommonContext;
import io.aeron.ExclusivePublication;
import io.aeron.FragmentAssembler;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.driver.ext.DebugReceiveChannelEndpoint;
import io.aeron.driver.ext.DebugSendChannelEndpoint;
import io.aeron.driver.ext.LossGenerator;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.protocol.DataHeaderFlyweight;
import io.petrel.bench.loss.DatagramLoss;
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
      loss = setup.newLoss();
      driver = ipc && setup.initiator() ? null : launchDriver(setup, directory, loss);
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

    private static MediaDriver launchDriver(Setup setup, String directory, DatagramLoss loss) {
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
        injectLoss(context, loss);
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
