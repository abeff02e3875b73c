package io.petrel.rudp.session;

import io.petrel.rudp.acknowledgement.AckPolicy;
import io.petrel.rudp.acknowledgement.ReceivedPackets;
import io.petrel.rudp.congestion.CongestionController;
import io.petrel.rudp.congestion.CongestionSettings;
import io.petrel.rudp.congestion.Pacer;
import io.petrel.rudp.flow.ReceiveStream;
import io.petrel.rudp.flow.SendStream;
import io.petrel.rudp.recovery.Recovery;
import io.petrel.rudp.recovery.SentPackets;
import io.petrel.transport.time.Deadline;

/** What the two directions of a session share. */
final class SessionCore implements Recovery.Listener {
  // What a packet carried beside pieces of streams, to be renewed when it is lost.
  static final int CARRIED_WINDOW = 1;
  static final int CARRIED_CLOSE = 2;
  static final int CARRIED_BLOCKED = 4;

  // Pieces of no bytes: what a packet carried about a stream, in place of a position.
  static final long PIECE_OPEN = 1;
  static final long PIECE_END = 2;
  static final long PIECE_STOP = 3;

  final SessionParameters parameters;
  final SessionCounters counters = new SessionCounters();
  final Streams streams;
  final SentPackets packets;
  final CopiesInFlight copies;
  final Recovery recovery;
  final Pacer pacer;
  final ReceivedPackets received = new ReceivedPackets();
  final AckPolicy acks = new AckPolicy();
  final PathCheck path = new PathCheck();
  final DatagramSize size;
  CongestionController controller;

  /** Nothing is sent to a peer that has not shown that it has our parameters. */
  boolean confirmed;

  boolean pingDue;
  boolean probeDue;
  boolean blockedDue;
  boolean closeDue;
  boolean closeAcknowledged;

  /** An acknowledgement has come that may have been the last of a stream. */
  boolean mayHaveFinished;

  long largestReceivedNs;
  long lastHeardNs;
  long lastAskedNs;
  int lastStreamId;
  long lastStreamContiguous;
  long blockedProbeNs = Deadline.NONE;
  long blockedWaitNs;

  SessionCore(long nowNs, SessionParameters parameters) {
    this.parameters = parameters;
    this.streams = new Streams(parameters.maximumStreams());
    this.packets = new SentPackets(parameters.sentPacketLimit());
    this.copies = new CopiesInFlight(packets);
    this.size = new DatagramSize(parameters.datagramLength());
    this.controller = newController(nowNs, parameters.initialRoundTripNs());
    this.recovery =
        new Recovery(
            packets,
            parameters.initialRoundTripNs(),
            controller,
            parameters.longestBackOffNs(),
            this);
    this.pacer = new Pacer(nowNs, size.current());
    this.confirmed = parameters.initiator();
    this.pingDue = parameters.initiator();
    this.lastHeardNs = nowNs;
    this.lastAskedNs = nowNs;
  }

  private CongestionController newController(long nowNs, long roundTripNs) {
    CongestionSettings settings =
        parameters
            .congestionSettings()
            .withDatagramLength(size.current())
            .withInitialRtt(roundTripNs)
            // Two sessions that probed for bandwidth at the same times would disturb each other.
            .withSeed(parameters.congestionSettings().seed() ^ parameters.localId());
    return parameters.congestion().create(nowNs, settings);
  }

  /** The path leads to another host now: nothing is known of it (RFC 9000 section 9.4). */
  void beginPath(long nowNs) {
    long roundTripNs = recovery.roundTrip().smoothedNs();
    size.restart();
    pacer.datagramLength(size.current());
    controller = newController(nowNs, roundTripNs);
    recovery.onPathChanged(nowNs, roundTripNs, controller);
    afterRecovery(nowNs);
  }

  /** The network itself says that datagrams are too long. */
  void onTooLong() {
    if (size.narrow()) {
      onDatagramSize();
    }
  }

  private void onDatagramSize() {
    controller.onDatagramLength(size.current());
    pacer.datagramLength(size.current());
  }

  /** How long either side waits for an answer to carry its acknowledgement. */
  long ackDelayNs() {
    return AckPolicy.delayNs(recovery.roundTrip().smoothedNs());
  }

  /** The round trip has changed, and with it what is to be expected of the peer. */
  void afterRecovery(long nowNs) {
    recovery.peerAckDelayNs(Math.min(ackDelayNs(), parameters.peerAckDelayNs()));
    pacer.rate(nowNs, controller.pacingRateBytesPerSecond());
  }

  /** What a lost packet carried beside streams' bytes is as due as it was. */
  void renew(int flags) {
    if ((flags & CARRIED_WINDOW) != 0) {
      for (int i = 0; i < streams.receiveCount(); i++) {
        ReceiveStream stream = streams.receive(i);
        stream.ask();
      }
    }
    if ((flags & CARRIED_CLOSE) != 0 && !closeAcknowledged) {
      closeDue = true;
    }
    if ((flags & CARRIED_BLOCKED) != 0) {
      blockedDue = true;
    }
  }

  @Override
  public void onPacketAcknowledged(long nowNs, long number) {
    if (size.onArrived(nowNs, number, packets.bytes(number))) {
      onDatagramSize();
    }
    int count = packets.pieceCount(number);
    for (int i = 0; i < count; i++) {
      SendStream stream = streams.findSend(packets.pieceStream(number, i));
      int length = packets.pieceLength(number, i);
      if (stream == null) {
        continue;
      }
      if (length > 0) {
        stream.onDelivered(packets.piecePosition(number, i), length);
      } else if (packets.piecePosition(number, i) == PIECE_END) {
        stream.onEndAcknowledged();
        mayHaveFinished = true;
      }
    }
    if ((packets.flags(number) & CARRIED_CLOSE) != 0) {
      closeAcknowledged = true;
    }
  }

  @Override
  public void onPacketLost(long nowNs, long number) {
    if (size.onLost(nowNs, number, packets.bytes(number))) {
      onDatagramSize();
    }
    int count = packets.pieceCount(number);
    for (int i = 0; i < count; i++) {
      int id = packets.pieceStream(number, i);
      int length = packets.pieceLength(number, i);
      if (length > 0) {
        SendStream stream = streams.findSend(id);
        if (stream != null) {
          copies.lose(number, stream, packets.piecePosition(number, i), length);
        }
      } else {
        renew(id, packets.piecePosition(number, i));
      }
    }
    renew(packets.flags(number));
  }

  /** What a lost packet carried about a stream is as due as it was. */
  void renew(int id, long piece) {
    SendStream send = streams.findSend(id);
    ReceiveStream receive = streams.findReceive(id);
    if (piece == PIECE_OPEN && send != null) {
      send.openDue(true);
    } else if (piece == PIECE_END && send != null) {
      send.endDue(true);
    } else if (piece == PIECE_STOP && receive != null) {
      receive.stopDue(true);
    }
  }

  @Override
  public void onPacketSpurious(long nowNs, long number) {
    onPacketAcknowledged(nowNs, number);
  }
}
