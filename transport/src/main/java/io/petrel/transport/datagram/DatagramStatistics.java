package io.petrel.transport.datagram;

/**
 * What a port has done and what has happened to it, since it was opened.
 *
 * <p>Written by the thread that uses the port, with plain stores: an increment must cost nothing
 * beside a system call. That thread reads exact values; what it publishes to others (the counters
 * file) is its engine's business.
 */
public final class DatagramStatistics {
  /** Datagrams the kernel took, each segment of a train counted. */
  public long datagramsSent;

  /** Their payload bytes. */
  public long bytesSent;

  /** System calls that sent them (or virtual ones, in a simulation). */
  public long sendCalls;

  /** Of these, the ones that carried more than one datagram. */
  public long trainsSent;

  /** Sends turned away because the send buffer was full. */
  public long sendWouldBlock;

  /** Sends turned away because the datagram was too large. */
  public long sendTooLarge;

  /** Sends turned away for any other reason but a refusal. */
  public long sendFailed;

  /** "Port unreachable" answers reported to a send or a receive. */
  public long refused;

  /** Datagrams handed to a handler. */
  public long datagramsReceived;

  /** Their payload bytes. */
  public long bytesReceived;

  /** System calls that brought something. */
  public long receiveCalls;

  /** Of these, the ones that brought more than one datagram. */
  public long trainsReceived;

  /** Datagrams without a single byte, which a framed port drops. */
  public long emptyReceived;

  /** Receives whose content, or its rest, was dropped because a length field did not fit. */
  public long malformedReceived;

  /** The bytes dropped so. */
  public long malformedBytes;

  /** Receives that failed for a reason other than a refusal. */
  public long receiveFailed;

  /** Times this port gave up segmentation offload for good; 0 or 1. */
  public long offloadFallbacks;

  /** Times the segment size had to be set anew. */
  public long segmentSizeChanges;

  /** Datagrams of others caught by a socket on its way to be connected, and handed on. */
  public long handedOn;

  /** The ones among them that found no room and were dropped. */
  public long handedOnDropped;

  /** The system's error number of the last failure that has no name of its own; 0: none. */
  public int lastError;

  /** All counts at zero. */
  public DatagramStatistics() {}

  /** Takes a label and a value. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * Called once for each count.
     *
     * @param label in lower case, words separated by a space
     * @param value at present
     */
    void onCount(String label, long value);
  }

  /** Passes all counts, always in the same order. */
  public void forEach(Visitor visitor) {
    visitor.onCount("datagrams sent", datagramsSent);
    visitor.onCount("bytes sent", bytesSent);
    visitor.onCount("send calls", sendCalls);
    visitor.onCount("trains sent", trainsSent);
    visitor.onCount("sends that would block", sendWouldBlock);
    visitor.onCount("sends too large", sendTooLarge);
    visitor.onCount("sends failed", sendFailed);
    visitor.onCount("refused", refused);
    visitor.onCount("datagrams received", datagramsReceived);
    visitor.onCount("bytes received", bytesReceived);
    visitor.onCount("receive calls", receiveCalls);
    visitor.onCount("trains received", trainsReceived);
    visitor.onCount("empty received", emptyReceived);
    visitor.onCount("malformed received", malformedReceived);
    visitor.onCount("malformed bytes", malformedBytes);
    visitor.onCount("receives failed", receiveFailed);
    visitor.onCount("offload fallbacks", offloadFallbacks);
    visitor.onCount("segment size changes", segmentSizeChanges);
    visitor.onCount("handed on", handedOn);
    visitor.onCount("handed on dropped", handedOnDropped);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    forEach((label, value) -> {
      if (value != 0) {
        text.append(text.isEmpty() ? "" : ", ").append(value).append(' ').append(label);
      }
    });
    return text.isEmpty() ? "nothing sent or received" : text.toString();
  }
}
