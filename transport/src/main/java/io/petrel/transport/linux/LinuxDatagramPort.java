package io.petrel.transport.linux;

import static io.petrel.transport.linux.LinuxConstants.EAGAIN;
import static io.petrel.transport.linux.LinuxConstants.SOL_SOCKET;
import static io.petrel.transport.linux.LinuxConstants.SOL_UDP;
import static io.petrel.transport.linux.LinuxConstants.SO_RCVBUF;
import static io.petrel.transport.linux.LinuxConstants.SO_REUSEPORT;
import static io.petrel.transport.linux.LinuxConstants.SO_SNDBUF;
import static io.petrel.transport.linux.LinuxConstants.UDP_SEGMENT;
import static io.petrel.transport.linux.LinuxResults.CALL_ON_CLOSED;

import io.petrel.codecs.DatagramHeader;
import io.petrel.transport.datagram.DatagramFraming;
import io.petrel.transport.datagram.DatagramHandler;
import io.petrel.transport.datagram.DatagramPort;
import io.petrel.transport.datagram.DatagramPortOptions;
import io.petrel.transport.datagram.DatagramResult;
import io.petrel.transport.datagram.DatagramStatistics;
import io.petrel.transport.datagram.DatagramTrain;
import io.petrel.transport.datagram.EndpointAddress;
import io.petrel.transport.datagram.HandedOnDatagrams;
import java.io.IOException;
import java.lang.ref.Reference;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A port on a Linux socket: one plain {@code send} or {@code recv} a call where it is connected,
 * {@code sendto} and {@code recvfrom} where it is not; trains by UDP_SEGMENT and UDP_GRO.
 */
final class LinuxDatagramPort implements DatagramPort {
  private static final int CACHE_LINE_BYTES = 64;
  private static final int RECEIVE_BUFFER_LENGTH = 64 * 1024;

  /**
   * While UDP_SEGMENT is set the kernel builds a single datagram from pages, which makes each send
   * of 64 bytes 0.1 us dearer (measured, both ends on one machine). Setting it anew for the next
   * train costs about as much, once.
   */
  private static final int SINGLES_UNTIL_RESET = 16;

  /** In place of a result: the train is to be sent datagram by datagram. */
  private static final int SEND_APART = Integer.MIN_VALUE;

  private final LinuxSocket socket;
  private final CallGuard guard = new CallGuard();

  /**
   * Where a datagram may be heard at several addresses, and its answer is to leave from the same.
   */
  private final @Nullable MessageCalls messages;

  private final DatagramPortOptions options;
  private final DatagramStatistics statistics = new DatagramStatistics();
  private final EndpointAddress localAddress;
  private final @Nullable EndpointAddress remoteAddress;
  private final boolean framed;
  private final int receiveBufferBytes;
  private final int sendBufferBytes;
  private final UnsafeBuffer receiveBuffer =
      new UnsafeBuffer(BufferUtil.allocateDirectAligned(RECEIVE_BUFFER_LENGTH, CACHE_LINE_BYTES));
  private final long receiveAddress = receiveBuffer.addressOffset();

  /** What promoted ports caught of this one's. */
  private final HandedOnDatagrams strays = new HandedOnDatagrams(statistics);

  /** Where a promoted port puts what it caught of the listener's. */
  private final @Nullable HandedOnDatagrams straysOfListener;

  // Written by the thread that uses the port.
  private final ReceivedTrain train = new ReceivedTrain(statistics);
  private final EndpointAddress source = new EndpointAddress();
  private final OutgoingMemory outgoing = new OutgoingMemory();
  private int segmentLengthSet;
  private int singlesInARow;
  private boolean segmentationOffload;

  /** Whether everything that still comes is from the peer: not so just after a promotion. */
  private boolean settled;

  private boolean reusePortSet;

  private LinuxDatagramPort(
      LinuxSocket socket, DatagramPortOptions options, @Nullable HandedOnDatagrams straysOfListener)
      throws IOException {
    this.socket = socket;
    this.straysOfListener = straysOfListener;
    this.options = options;
    localAddress = socket.localAddress();
    remoteAddress = options.remoteAddress();
    boolean heardAnywhere = remoteAddress == null && localAddress.isWildcard();
    messages = heardAnywhere ? new MessageCalls(socket) : null;
    framed = options.framing() == DatagramFraming.PETREL;
    receiveBufferBytes = LinuxOptions.grantedBytes(socket, SO_RCVBUF);
    sendBufferBytes = LinuxOptions.grantedBytes(socket, SO_SNDBUF);
    LinuxOptions.applyReceiveOffload(socket, options);
    segmentationOffload = LinuxOptions.canSegment(socket, options);
    if (remoteAddress != null && straysOfListener == null) {
      settled = true;
      source.set(remoteAddress);
    }
  }

  /** Opens a port as the options say. */
  static LinuxDatagramPort open(DatagramPortOptions given) throws IOException {
    return open(new LinuxSocket(LinuxOptions.familyOf(given)), given);
  }

  /** Opens a port on a fresh socket, which it closes if that fails. */
  static LinuxDatagramPort open(LinuxSocket socket, DatagramPortOptions given) throws IOException {
    DatagramPortOptions options = given.copy();
    EndpointAddress remote = options.remoteAddress();
    try {
      LinuxOptions.applyBeforeBind(socket, options);
      socket.bind(options.localAddress());
      if (remote != null) {
        socket.connect(remote);
      }
      return new LinuxDatagramPort(socket, options, null);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  // ---- sending

  @Override
  public int send(DirectBuffer buffer, int offset, int length) {
    return remoteAddress == null
        ? DatagramResult.WRONG_ADDRESSING
        : sendOne(buffer, offset, length, null);
  }

  @Override
  public int send(DirectBuffer buffer, int offset, int length, EndpointAddress to) {
    return remoteAddress != null
        ? DatagramResult.WRONG_ADDRESSING
        : sendOne(buffer, offset, length, to);
  }

  private int sendOne(DirectBuffer buffer, int offset, int length, @Nullable EndpointAddress to) {
    if (segmentLengthSet != 0
        && (length > segmentLengthSet || ++singlesInARow > SINGLES_UNTIL_RESET)) {
      setSegmentLength(0); // or the kernel would cut it up, or be slow
    }
    int sent = transfer(buffer, offset, length, to);
    if (sent == length) {
      statistics.sendCalls++;
      statistics.datagramsSent++;
      statistics.bytesSent += length;
      return sent;
    }
    if (segmentLengthSet != 0 && offloadMayBeTheCause(sent)) {
      setSegmentLength(0);
      return sendOne(buffer, offset, length, to);
    }
    return sendFailure(sent, false);
  }

  private boolean offloadMayBeTheCause(int sent) {
    if (LinuxResults.offloadImpossible(sent)) {
      giveUpOffload();
      return true;
    }
    return LinuxResults.segmentsTooLarge(sent);
  }

  @Override
  public int sendTrain(
      DirectBuffer buffer,
      int offset,
      int length,
      int segmentLength,
      @Nullable EndpointAddress to) {
    if ((to == null) == (remoteAddress == null)) {
      return DatagramResult.WRONG_ADDRESSING;
    }
    if (length <= segmentLength) {
      return sendOne(buffer, offset, length, to);
    }
    if (segmentLength <= 0) {
      throw new IllegalArgumentException("segmentLength must be positive, not " + segmentLength);
    }
    int segmentsPerCall =
        Math.min(DatagramTrain.MAX_DATAGRAMS, MAX_DATAGRAM_LENGTH / segmentLength);
    boolean together = segmentationOffload && segmentsPerCall > 1;
    int accepted = 0;
    while (accepted < length) {
      int rest = length - accepted;
      int portion = Math.min(rest, together ? segmentsPerCall * segmentLength : segmentLength);
      int sent =
          portion > segmentLength
              ? sendTogether(buffer, offset + accepted, portion, segmentLength, to)
              : sendOne(buffer, offset + accepted, portion, to);
      if (sent == SEND_APART) {
        together = false;
      } else if (sent < 0) {
        return accepted > 0 ? accepted : sent;
      } else {
        accepted += sent;
      }
    }
    return accepted;
  }

  private int sendTogether(
      DirectBuffer buffer,
      int offset,
      int length,
      int segmentLength,
      @Nullable EndpointAddress to) {
    if (segmentLength != segmentLengthSet) {
      setSegmentLength(segmentLength);
    }
    singlesInARow = 0;
    int sent = transfer(buffer, offset, length, to);
    if (sent == length) {
      statistics.sendCalls++;
      statistics.trainsSent++;
      statistics.datagramsSent += (length + segmentLength - 1) / segmentLength;
      statistics.bytesSent += length;
      return sent;
    }
    if (LinuxResults.offloadImpossible(sent)) {
      giveUpOffload();
      return SEND_APART;
    }
    if (LinuxResults.segmentsTooLarge(sent) && !options.fragmentationForbidden()) {
      return SEND_APART; // one by one the kernel cuts them into fragments
    }
    return sendFailure(sent, true);
  }

  private int transfer(DirectBuffer buffer, int offset, int length, @Nullable EndpointAddress to) {
    long address = outgoing.addressOf(buffer, offset, length);
    if (!guard.enter()) {
      return CALL_ON_CLOSED;
    }
    try {
      if (to == null) {
        return socket.send(address, length);
      }
      return messages != null && to.heardAtKnown()
          ? messages.send(address, length, to)
          : socket.sendTo(address, length, to);
    } finally {
      guard.exit();
      Reference.reachabilityFence(buffer); // whose memory the kernel was reading
    }
  }

  private void setSegmentLength(int length) {
    if (guard.enter()) {
      // Cannot fail for a length that UDP can carry: the option was tried when the port was opened.
      socket.setOptionPlain(SOL_UDP, UDP_SEGMENT, length);
      guard.exit();
      segmentLengthSet = length;
      statistics.segmentSizeChanges++;
    }
  }

  /** The device or its route cannot take segments. The socket does without from now on. */
  private void giveUpOffload() {
    if (segmentationOffload) {
      segmentationOffload = false;
      statistics.offloadFallbacks++;
      setSegmentLength(0);
    }
  }

  private int sendFailure(int sent, boolean train) {
    int result = LinuxResults.ofSend(sent, train);
    switch (result) {
      case DatagramResult.WOULD_BLOCK -> statistics.sendWouldBlock++;
      case DatagramResult.REFUSED -> statistics.refused++;
      case DatagramResult.TOO_LARGE -> statistics.sendTooLarge++;
      case DatagramResult.CLOSED -> {}
      default -> {
        statistics.sendFailed++;
        statistics.lastError = -sent;
      }
    }
    return result;
  }

  // ---- receiving

  @Override
  public int receive(DatagramHandler handler, int datagramLimit) {
    int taken = 0;
    if (!train.isEmpty()) {
      taken = walk(handler, datagramLimit);
    }
    if (!strays.isEmpty() && !guard.isClosed()) {
      taken += strays.deliver(handler, datagramLimit - taken);
    }
    while (taken < datagramLimit) {
      int received = receiveOnce();
      if (received < 0) {
        int result = received == -EAGAIN ? 0 : receiveFailure(received);
        return taken > 0 ? taken : result;
      }
      int brought = take(handler, received, datagramLimit - taken);
      taken += brought;
      // A connected port makes one call: a second one would mostly find nothing. After a train no
      // port makes another: what it brought is best read while it is in the cache.
      if (settled || brought > 1) {
        break;
      }
    }
    return taken;
  }

  private int receiveOnce() {
    if (!guard.enter()) {
      return CALL_ON_CLOSED;
    }
    int received =
        settled ? socket.receive(receiveAddress, RECEIVE_BUFFER_LENGTH) : receiveFromAnybody();
    guard.exit();
    if (received < 0 && remoteAddress != null && !settled) {
      settled = true; // what was caught before the connect has been read
      source.set(remoteAddress);
    }
    return received;
  }

  private int receiveFromAnybody() {
    return messages == null
        ? socket.receiveFrom(receiveAddress, RECEIVE_BUFFER_LENGTH, source)
        : messages.receive(receiveAddress, RECEIVE_BUFFER_LENGTH, source);
  }

  /** Hands over what one call brought. */
  private int take(DatagramHandler handler, int length, int limit) {
    statistics.receiveCalls++;
    if (framed) {
      if (length == 0) {
        statistics.emptyReceived++;
        return 1;
      }
      if (length < DatagramHeader.LENGTH
          || DatagramHeader.datagramLength(receiveBuffer, 0) != length) {
        train.begin(receiveBuffer, length);
        return walk(handler, limit);
      }
    }
    handOver(handler, 0, length);
    return 1;
  }

  private int walk(DatagramHandler handler, int limit) {
    int taken = 0;
    while (taken < limit && !train.isEmpty() && !guard.isClosed()) {
      taken++;
      int offset = train.offset();
      int length = train.step(receiveBuffer);
      if (length > 0) {
        handOver(handler, offset, length);
      }
    }
    return taken;
  }

  private void handOver(DatagramHandler handler, int offset, int length) {
    if (!settled && straysOfListener != null && !source.equals(remoteAddress)) {
      straysOfListener.onDatagram(receiveBuffer, offset, length, source);
      return;
    }
    statistics.datagramsReceived++;
    statistics.bytesReceived += length;
    handler.onDatagram(receiveBuffer, offset, length, source);
  }

  private int receiveFailure(int received) {
    int result = LinuxResults.ofReceive(received);
    if (result == DatagramResult.REFUSED) {
      statistics.refused++;
    } else if (result == DatagramResult.FAILED) {
      statistics.receiveFailed++;
      statistics.lastError = -received;
    }
    return result;
  }

  // ---- promotion and groups

  @Override
  public DatagramPort promote(EndpointAddress peer) throws IOException {
    LinuxSocket twin = openTwin(peer);
    try {
      return connectTwin(twin, peer);
    } catch (IOException e) {
      twin.close();
      throw e;
    }
  }

  /** The first half of a promotion. Until the second one the twin may catch others' datagrams. */
  LinuxSocket openTwin(EndpointAddress peer) throws IOException {
    if (remoteAddress != null) {
      throw new IOException("a connected port has no peer to promote");
    }
    if (!reusePortSet) {
      // Not before the listener's own bind, or a second server could be bound beside it.
      control(() -> socket.setOption("SO_REUSEPORT", SOL_SOCKET, SO_REUSEPORT, 1));
      reusePortSet = true;
    }
    boolean chosen = localAddress.isWildcard() && peer.heardAtKnown();
    EndpointAddress local = chosen ? peer.heardAt(localAddress.port()) : localAddress;
    LinuxSocket twin = new LinuxSocket(socket.family());
    try {
      LinuxOptions.applyBeforeBind(twin, options);
      twin.setOption("SO_REUSEPORT", SOL_SOCKET, SO_REUSEPORT, 1);
      twin.bind(local);
      return twin;
    } catch (IOException e) {
      twin.close();
      throw e;
    }
  }

  /** The second half of a promotion. */
  LinuxDatagramPort connectTwin(LinuxSocket twin, EndpointAddress peer) throws IOException {
    twin.connect(peer);
    DatagramPortOptions twinOptions = options.copy().remoteAddress(peer);
    return new LinuxDatagramPort(twin, twinOptions, strays);
  }

  @Override
  public void join(
      EndpointAddress group, @Nullable EndpointAddress from, @Nullable String networkInterface)
      throws IOException {
    changeMembership(true, group, from, networkInterface);
  }

  @Override
  public void leave(
      EndpointAddress group, @Nullable EndpointAddress from, @Nullable String networkInterface)
      throws IOException {
    changeMembership(false, group, from, networkInterface);
  }

  private void changeMembership(
      boolean join,
      EndpointAddress group,
      @Nullable EndpointAddress from,
      @Nullable String networkInterface)
      throws IOException {
    String at = networkInterface == null ? options.multicastInterface() : networkInterface;
    control(() -> LinuxOptions.changeMembership(socket, join, group, from, at));
  }

  // ---- what it is

  /** For tests, which read back what was set. */
  LinuxSocket socket() {
    return socket;
  }

  @Override
  public EndpointAddress localAddress() {
    return localAddress;
  }

  @Override
  public @Nullable EndpointAddress remoteAddress() {
    return remoteAddress;
  }

  @Override
  public DatagramStatistics statistics() {
    return statistics;
  }

  @Override
  public long socketId() {
    if (!guard.enter()) {
      return 0;
    }
    try {
      return KernelDrops.inode(socket);
    } finally {
      guard.exit();
    }
  }

  @Override
  public long kernelDrops() {
    if (!guard.enter()) {
      return KernelDrops.UNKNOWN;
    }
    try {
      return KernelDrops.read(socket);
    } finally {
      guard.exit();
    }
  }

  @Override
  public int receiveBufferBytes() {
    return receiveBufferBytes;
  }

  @Override
  public int sendBufferBytes() {
    return sendBufferBytes;
  }

  @Override
  public boolean segmentationOffload() {
    return segmentationOffload;
  }

  @Override
  public String kind() {
    return LinuxDatagramPortFactory.NAME;
  }

  // ---- the end

  @Override
  public boolean isClosed() {
    return guard.isClosed();
  }

  @Override
  public void close() {
    if (guard.close()) {
      socket.close();
    }
  }

  /** Something that is done to the socket at times. */
  private interface Control {
    void run() throws IOException;
  }

  private void control(Control action) throws IOException {
    if (!guard.enter()) {
      throw new IOException("the port at " + localAddress + " is closed");
    }
    try {
      action.run();
    } finally {
      guard.exit();
    }
  }
}
