package io.petrel.bench.peer;

import io.aeron.Aeron;
import io.aeron.CommonContext;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.NoOpIdleStrategy;

/**
 * Aeron's settings for two cores and a machine of one's own: driver and client invoked by one
 * thread, log buffers touched ahead, no timeout that a pause between rounds could run into.
 */
public final class AeronTuning {
  /** Bytes of a term of the log. */
  public static final int TERM_LENGTH = 16 * 1024 * 1024;

  private static final int SOCKET_BUFFER_LENGTH = 4 * 1024 * 1024;
  private static final long PATIENT_NS = TimeUnit.SECONDS.toNanos(120);

  private AeronTuning() {}

  /** Of a driver that nobody else uses. */
  public static MediaDriver.Context driver(String directory, int mtu, int windowLength) {
    System.setProperty(CommonContext.DRIVER_TIMEOUT_PROP_NAME, "120000");
    return new MediaDriver.Context()
        .aeronDirectoryName(directory)
        .dirDeleteOnStart(true)
        .dirDeleteOnShutdown(true)
        .threadingMode(ThreadingMode.INVOKER)
        .sharedIdleStrategy(NoOpIdleStrategy.INSTANCE)
        .termBufferSparseFile(false)
        .performStorageChecks(false)
        .publicationTermBufferLength(TERM_LENGTH)
        .ipcTermBufferLength(TERM_LENGTH)
        .mtuLength(mtu)
        .ipcMtuLength(mtu)
        .socketRcvbufLength(SOCKET_BUFFER_LENGTH)
        .socketSndbufLength(SOCKET_BUFFER_LENGTH)
        .initialWindowLength(windowLength)
        .clientLivenessTimeoutNs(PATIENT_NS)
        .publicationUnblockTimeoutNs(PATIENT_NS + TimeUnit.SECONDS.toNanos(5))
        .imageLivenessTimeoutNs(TimeUnit.SECONDS.toNanos(60));
  }

  /** Of a client of such a driver. */
  public static Aeron.Context client(String directory) {
    return new Aeron.Context()
        .aeronDirectoryName(directory)
        .useConductorAgentInvoker(true)
        .keepAliveIntervalNs(TimeUnit.SECONDS.toNanos(1))
        .preTouchMappedMemory(true);
  }

  /** The same for a driver that Petrel embeds, by Aeron's own properties; before it is launched. */
  static void ofEmbedded(int mtu, int windowLength) {
    Map.of(
            "aeron.term.buffer.length", Integer.toString(TERM_LENGTH),
            "aeron.term.buffer.sparse.file", "false",
            "aeron.perform.storage.checks", "false",
            "aeron.pre.touch.mapped.memory", "true",
            "aeron.mtu.length", Integer.toString(mtu),
            "aeron.socket.so_rcvbuf", Integer.toString(SOCKET_BUFFER_LENGTH),
            "aeron.socket.so_sndbuf", Integer.toString(SOCKET_BUFFER_LENGTH),
            "aeron.rcv.initial.window.length", Integer.toString(windowLength),
            "aeron.image.liveness.timeout", "60s")
        .forEach(System::setProperty);
  }

  /** Aeron's version, for the report. */
  public static String version() {
    return "Aeron " + MediaDriver.class.getPackage().getImplementationVersion();
  }
}
