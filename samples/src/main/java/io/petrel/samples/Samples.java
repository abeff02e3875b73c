package io.petrel.samples;

import io.petrel.samples.gateway.OrderGateway;
import java.util.List;

/** All samples there are. */
public final class Samples {
  private static final List<Sample> ALL =
      List.of(
          new Sample(
              "ping-pong",
              "Round trips over a duplex session, and how long they took.",
              PingPong::run),
          new Sample(
              "publish-subscribe",
              "Two publishers, one subscriber, and each result of an offer.",
              PublishSubscribe::run),
          new Sample(
              "zero-copy",
              "Market data encoded into the ring by SBE and read where it lies.",
              ZeroCopy::run),
          new Sample(
              "any-transport",
              "The same program over rudp, tcp, ipc and Aeron: only the URI differs.",
              AnyTransport::run),
          new Sample(
              "order-gateway",
              "Orders and reports over sessions that break: nothing lost, nothing twice.",
              OrderGateway::run),
          new Sample(
              "file-transfer",
              "A file through a path that loses 2 % of the datagrams.",
              FileTransfer::run),
          new Sample(
              "record-replay",
              "A journal of a fan-out: joined late without a gap, and read afterwards.",
              RecordReplay::run),
          new Sample(
              "pinned-thread",
              "Embedding with the engine's thread kept on a core.",
              PinnedThread::run),
          new Sample(
              "no-thread",
              "Embedding without any thread: the application's own loop takes the turns.",
              NoThread::run),
          new Sample(
              "own-congestion-control",
              "A congestion controller of one's own, chosen by its name in the URI.",
              OwnCongestionControl::run));

  private Samples() {}

  /**
   * The samples, the simplest first.
   *
   * @return in the order to read them
   */
  public static List<Sample> all() {
    return ALL;
  }
}
