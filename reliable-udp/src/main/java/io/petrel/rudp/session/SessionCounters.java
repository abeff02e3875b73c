package io.petrel.rudp.session;

/** What a session counts; written by its engine's thread, published by the transport. */
public final class SessionCounters {
  long datagramsSent;
  long bytesSent;
  long datagramsReceived;
  long bytesReceived;
  long duplicates;
  long retransmittedDatagrams;
  long retransmittedBytes;
  long acksAlone;
  long acksCarried;
  long refusedBytes;
  long outsideWindow;
  long tooManyHoles;
  long windowStalls;
  long strayFrames;
  long rejectedDatagrams;
  long pathQuestions;
  long breaches;

  /** Datagrams sent. */
  public long datagramsSent() {
    return datagramsSent;
  }

  /** Their bytes. */
  public long bytesSent() {
    return bytesSent;
  }

  /** Datagrams received that were valid and for this session. */
  public long datagramsReceived() {
    return datagramsReceived;
  }

  /** Their bytes. */
  public long bytesReceived() {
    return bytesReceived;
  }

  /** Datagrams received more than once. */
  public long duplicates() {
    return duplicates;
  }

  /** Datagrams that carried bytes of a stream for a second time. */
  public long retransmittedDatagrams() {
    return retransmittedDatagrams;
  }

  /** Bytes of streams sent for a second time. */
  public long retransmittedBytes() {
    return retransmittedBytes;
  }

  /** Acknowledgements that cost a datagram of their own. */
  public long acksAlone() {
    return acksAlone;
  }

  /** Acknowledgements that rode on data. */
  public long acksCarried() {
    return acksCarried;
  }

  /** Stream frames beyond the window. */
  public long outsideWindow() {
    return outsideWindow;
  }

  /** Stream frames refused because there would have been too many holes. */
  public long tooManyHoles() {
    return tooManyHoles;
  }

  /** Times that the peer's window stopped a stream. */
  public long windowStalls() {
    return windowStalls;
  }

  /** Frames for streams that are not there. */
  public long strayFrames() {
    return strayFrames;
  }

  /** Breaches of the protocol by the peer, found here; the first ends the session. */
  public long breaches() {
    return breaches;
  }

  /** Times that the peer asked whether this side is where it seems to be. */
  public long pathQuestions() {
    return pathQuestions;
  }

  /** Valid datagrams that this session did not take, such as one without the agreed checksum. */
  public long rejectedDatagrams() {
    return rejectedDatagrams;
  }
}
