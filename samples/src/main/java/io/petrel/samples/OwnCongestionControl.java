package io.petrel.samples;

import io.petrel.rudp.congestion.AckSample;
import io.petrel.rudp.congestion.CongestionController;
import io.petrel.rudp.congestion.CongestionControllerFactory;
import io.petrel.rudp.congestion.CongestionPhase;
import io.petrel.rudp.congestion.CongestionSettings;
import io.petrel.rudp.congestion.LossSample;
import io.petrel.samples.support.LossyPath;
import io.petrel.samples.support.Patience;
import io.petrel.transport.Petrel;
import io.petrel.transport.Publication;
import io.petrel.transport.Subscription;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Objects;
import org.agrona.ExpandableArrayBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A congestion controller of one's own. Three things make one: the controller, its factory, and the
 * factory's name in {@code
 * META-INF/services/io.petrel.rudp.congestion.CongestionControllerFactory}. Then {@code cc=patient}
 * in a URI chooses it, and {@code CongestionControllers.find("patient")} gives it to a simulation.
 */
public final class OwnCongestionControl {
  private static final String NAME = "patient";
  private static final int MESSAGES = 1_000;
  private static final int LENGTH = 1_024;
  private static final double LOSS = 0.02;

  /** For the report at the end. */
  private static volatile @Nullable Patient lastMade; // written by whoever takes the engine's turn

  private OwnCongestionControl() {}

  /**
   * Runs it alone.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) throws IOException {
    run(System.out);
  }

  static void run(PrintStream out) throws IOException {
    try (Petrel here = Petrel.launch();
        Petrel there = Petrel.launch();
        Subscription in = there.subscribe("rudp://127.0.0.1:0");
        LossyPath path = new LossyPath(Objects.requireNonNull(in.localAddress()), LOSS, 1);
        Publication to = here.publishExclusive(path.uri() + "?cc=" + NAME)) {
      ExpandableArrayBuffer message = new ExpandableArrayBuffer(LENGTH);
      long[] received = {0};
      long sent = 0;
      Patience patience = new Patience("a message");
      while (received[0] < MESSAGES) {
        message.putLong(0, sent);
        int work = path.work();
        if (sent < MESSAGES && to.offer(message, 0, LENGTH) > 0) {
          sent++;
          work++;
        }
        work +=
            in.poll(
                (buffer, offset, length, header) -> {
                  if (buffer.getLong(offset) != received[0]++) {
                    throw new IllegalStateException("message " + received[0] + " is another one");
                  }
                },
                64);
        patience.idle(work);
      }
      Patient controller = Objects.requireNonNull(lastMade, "the factory was never asked");
      out.printf(
          "%d messages in order under cc=%s: it saw %d acknowledgements and %d losses, window %d%n",
          received[0],
          controller.name(),
          controller.acknowledgements,
          controller.losses,
          controller.windowBytes());
    }
  }

  /** Found by the service loader. */
  public static final class Factory implements CongestionControllerFactory {
    /** For the service loader. */
    public Factory() {}

    @Override
    public String name() {
      return NAME;
    }

    @Override
    public CongestionController create(long nowNs, CongestionSettings settings) {
      Patient controller = new Patient(settings);
      lastMade = controller;
      return controller;
    }
  }

  /**
   * Grows by one datagram a round trip while the path is quick, gives way by an eighth a round trip
   * when a queue builds up, and halves on loss: so it keeps queues short and leaves room to others.
   * Beside {@code cubic} it is too shy to get its share; it is a sample.
   */
  private static final class Patient implements CongestionController {
    /** A round trip that is longer than the quickest one by so much has met a queue. */
    private static final long QUEUE_NS = 2_000_000;

    /** The window is spent a little faster than it drains, so that pacing is not what limits. */
    private static final double PACE = 1.25;

    private int datagramLength;
    private long windowBytes;
    private long roundTripNs;
    private long newestSent;
    private long reducedUpTo = -1;
    private long acknowledgements;
    private long losses;

    Patient(CongestionSettings settings) {
      datagramLength = settings.datagramLength();
      windowBytes = settings.initialWindowBytes();
    }

    @Override
    public String name() {
      return NAME;
    }

    @Override
    public void onPacketSent(long nowNs, long packetNumber, int bytes, long inFlightBytes) {
      newestSent = packetNumber;
    }

    @Override
    public void onAck(long nowNs, AckSample sample) {
      acknowledgements++;
      roundTripNs = sample.smoothedRttNs();
      if (!sample.roundTripStart()) {
        return; // one decision a round trip
      }
      if (roundTripNs - sample.minimumRttNs() > QUEUE_NS) {
        shrinkTo(windowBytes - windowBytes / 8);
      } else if (!sample.applicationLimited()) {
        windowBytes += datagramLength;
      }
    }

    @Override
    public void onPacketLost(long nowNs, LossSample sample) {
      losses++;
      if (sample.packetNumber() > reducedUpTo) { // once for all the losses of one flight
        reducedUpTo = newestSent;
        shrinkTo(windowBytes / 2);
      }
    }

    @Override
    public void onPersistentCongestion(long nowNs, long inFlightBytes) {
      shrinkTo(0);
    }

    @Override
    public void onSpuriousLoss(long nowNs) {
      // What was given up comes back by itself.
    }

    @Override
    public void onCongestionMark(
        long nowNs, long newestMarkedPacketNumber, long markedPackets, long inFlightBytes) {
      if (newestMarkedPacketNumber > reducedUpTo) {
        reducedUpTo = newestSent;
        shrinkTo(windowBytes - windowBytes / 8);
      }
    }

    @Override
    public void onIdleRestart(long nowNs) {
      // The window did not grow while the application had too little to send.
    }

    @Override
    public void onDatagramLength(int length) {
      datagramLength = length;
      shrinkTo(windowBytes);
    }

    @Override
    public long windowBytes() {
      return windowBytes;
    }

    @Override
    public long pacingRateBytesPerSecond() {
      return roundTripNs == 0 ? 0 : (long) (windowBytes * PACE * 1e9 / roundTripNs);
    }

    @Override
    public long slowStartThresholdBytes() {
      return UNLIMITED;
    }

    @Override
    public CongestionPhase phase() {
      return CongestionPhase.STEADY;
    }

    private void shrinkTo(long bytes) {
      windowBytes = Math.max(bytes, 2L * datagramLength);
    }
  }
}
