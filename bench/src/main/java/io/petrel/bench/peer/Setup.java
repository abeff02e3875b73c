package io.petrel.bench.peer;

import io.petrel.bench.loss.DatagramLoss;
import java.nio.file.Path;
import java.util.List;

/**
 * What both ends of a connection are told.
 *
 * @param initiator true for the end that sends first
 * @param port the first of two free ports: the responder's, then the initiator's
 * @param directory a directory of this run's own in the memory file system
 * @param size of the messages
 * @param mtu the datagram size
 * @param bulk true for throughput, false for latency
 * @param loss the share of datagrams each endpoint drops on sending
 * @param seed of the loss
 * @param route what lies between both ends
 * @param controller the congestion control to use, one of the peer's own; empty for its default
 * @param lossThreshold how much loss that takes for the network's nature, where it asks
 * @param sharesCore whether others run on this end's core, which is then left to them when idle
 * @param receivers how many the responder stands for in a fan-out, else 0
 */
public record Setup(
    boolean initiator,
    int port,
    Path directory,
    int size,
    int mtu,
    boolean bulk,
    double loss,
    long seed,
    Route route,
    String controller,
    double lossThreshold,
    boolean sharesCore,
    int receivers) {
  /** What controllers of ours do unless told otherwise. */
  public static final double DEFAULT_LOSS_THRESHOLD = 0.02;

  /** Stands for an empty word. */
  private static final String NONE = "-";

  /** Of two ends of a connection. */
  public Setup(
      boolean initiator,
      int port,
      Path directory,
      int size,
      int mtu,
      boolean bulk,
      double loss,
      long seed,
      Route route,
      String controller,
      double lossThreshold,
      boolean sharesCore) {
    this(
        initiator,
        port,
        directory,
        size,
        mtu,
        bulk,
        loss,
        seed,
        route,
        controller,
        lossThreshold,
        sharesCore,
        0);
  }

  /** What decides which datagrams of this end are lost; the two ends lose different ones. */
  DatagramLoss newLoss() {
    return new DatagramLoss(loss, seed * 2 + (initiator ? 1 : 0));
  }

  /** The same for one of the two ends. */
  public Setup of(boolean initiatorsEnd) {
    return new Setup(
        initiatorsEnd,
        port,
        directory,
        size,
        mtu,
        bulk,
        loss,
        seed,
        route,
        controller,
        lossThreshold,
        sharesCore,
        receivers);
  }

  /** As words of a command line, for {@link #parse}. */
  public List<String> words() {
    return List.of(
        Boolean.toString(initiator),
        Integer.toString(port),
        directory.toString(),
        Integer.toString(size),
        Integer.toString(mtu),
        Boolean.toString(bulk),
        Double.toString(loss),
        Long.toString(seed),
        route.initiatorHost(),
        route.responderHost(),
        Long.toString(route.roundTripNs()),
        Long.toString(route.bitsPerSecond()),
        controller.isEmpty() ? NONE : controller,
        Double.toString(lossThreshold),
        Boolean.toString(sharesCore),
        Integer.toString(receivers));
  }

  /** Reads what {@link #words} wrote. */
  public static Setup parse(List<String> words) {
    String controller = words.get(12);
    return new Setup(
        Boolean.parseBoolean(words.get(0)),
        Integer.parseInt(words.get(1)),
        Path.of(words.get(2)),
        Integer.parseInt(words.get(3)),
        Integer.parseInt(words.get(4)),
        Boolean.parseBoolean(words.get(5)),
        Double.parseDouble(words.get(6)),
        Long.parseLong(words.get(7)),
        new Route(
            words.get(8),
            words.get(9),
            Long.parseLong(words.get(10)),
            Long.parseLong(words.get(11))),
        controller.equals(NONE) ? "" : controller,
        Double.parseDouble(words.get(13)),
        Boolean.parseBoolean(words.get(14)),
        Integer.parseInt(words.get(15)));
  }

  /** The address of this end. */
  public String localHost() {
    return initiator ? route.initiatorHost() : route.responderHost();
  }

  /** The address of the other end. */
  public String remoteHost() {
    return initiator ? route.responderHost() : route.initiatorHost();
  }

  /** The port this end receives on. */
  public int localPort() {
    return initiator ? port + 1 : port;
  }

  /** The port the other end receives on. */
  public int remotePort() {
    return initiator ? port : port + 1;
  }
}
