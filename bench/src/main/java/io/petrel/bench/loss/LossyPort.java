package io.petrel.bench.loss;

import io.petrel.transport.datagram.DatagramHandler;
import io.petrel.transport.datagram.DatagramPort;
import io.petrel.transport.datagram.DatagramStatistics;
import io.petrel.transport.datagram.EndpointAddress;
import java.io.IOException;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Another port that loses a share of what it is given to send, each datagram of a train by itself.
 * To the sender a lost datagram looks as if it had left.
 */
public final class LossyPort implements DatagramPort {
  private final DatagramPort port;
  private final DatagramLoss loss;

  /**
   * Loses from now on.
   *
   * @param port that sends the rest
   * @param loss decides
   */
  public LossyPort(DatagramPort port, DatagramLoss loss) {
    this.port = port;
    this.loss = loss;
  }

  @Override
  public int send(DirectBuffer buffer, int offset, int length) {
    return loss.next() ? length : port.send(buffer, offset, length);
  }

  @Override
  public int send(DirectBuffer buffer, int offset, int length, EndpointAddress to) {
    return loss.next() ? length : port.send(buffer, offset, length, to);
  }

  @Override
  public int sendTrain(
      DirectBuffer buffer,
      int offset,
      int length,
      int segmentLength,
      @Nullable EndpointAddress to) {
    int done = 0; // sent or lost
    int spared = 0; // to be sent, behind what is done
    while (done + spared < length) {
      int segment = Math.min(segmentLength, length - done - spared);
      if (!loss.next()) {
        spared += segment;
        continue;
      }
      int sent = sendSpared(buffer, offset + done, spared, segmentLength, to);
      if (sent < spared) {
        loss.takeBack(); // it stands behind what did not leave and is offered again with it
        return result(done, sent);
      }
      done += spared + segment;
      spared = 0;
    }
    return result(done, sendSpared(buffer, offset + done, spared, segmentLength, to));
  }

  private int sendSpared(
      DirectBuffer buffer,
      int offset,
      int length,
      int segmentLength,
      @Nullable EndpointAddress to) {
    return length == 0 ? 0 : port.sendTrain(buffer, offset, length, segmentLength, to);
  }

  /** What was done before a failure counts: the failure shows again at the next call. */
  private static int result(int done, int sent) {
    return sent >= 0 ? done + sent : done > 0 ? done : sent;
  }

  @Override
  public int receive(DatagramHandler handler, int datagramLimit) {
    return port.receive(handler, datagramLimit);
  }

  @Override
  public DatagramPort promote(EndpointAddress peer) throws IOException {
    return new LossyPort(port.promote(peer), loss);
  }

  @Override
  public void join(
      EndpointAddress group, @Nullable EndpointAddress source, @Nullable String networkInterface)
      throws IOException {
    port.join(group, source, networkInterface);
  }

  @Override
  public void leave(
      EndpointAddress group, @Nullable EndpointAddress source, @Nullable String networkInterface)
      throws IOException {
    port.leave(group, source, networkInterface);
  }

  @Override
  public EndpointAddress localAddress() {
    return port.localAddress();
  }

  @Override
  public @Nullable EndpointAddress remoteAddress() {
    return port.remoteAddress();
  }

  @Override
  public DatagramStatistics statistics() {
    return port.statistics();
  }

  @Override
  public long socketId() {
    return port.socketId();
  }

  @Override
  public long kernelDrops() {
    return port.kernelDrops();
  }

  @Override
  public int receiveBufferBytes() {
    return port.receiveBufferBytes();
  }

  @Override
  public int sendBufferBytes() {
    return port.sendBufferBytes();
  }

  @Override
  public boolean segmentationOffload() {
    return port.segmentationOffload();
  }

  @Override
  public String kind() {
    return port.kind();
  }

  @Override
  public boolean isClosed() {
    return port.isClosed();
  }

  @Override
  public void close() {
    port.close();
  }
}
