package io.petrel.bench.fanout;

import io.petrel.bench.peer.Endpoint;
import io.petrel.bench.peer.Peer;
import io.petrel.bench.peer.Setup;
import io.petrel.transport.datagram.EndpointAddress;
import io.petrel.transport.linux.LinuxSocket;
import java.io.IOException;
import java.net.NetworkInterface;
import java.util.Locale;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The floor of multicast: trains to a group by UDP_SEGMENT, taken whole by UDP_GRO, with nothing in
 * them but messages, and nothing repaired. Receivers together say where the slowest of them is, and
 * the sender keeps within a window of that, since the kernel would drop what overruns them.
 *
 * <pre>
 *   +-------------------+-------------------+----------+
 *   | message | message | message | message | message  |   a train: messages end to end
 *   +-------------------+-------------------+----------+
 *     a datagram          a datagram          the last, maybe shorter
 * </pre>
 */
final class RawMulticastPeer implements Peer {
  private static final int TRAIN_BYTES = 65_507;
  private static final int MOST_SEGMENTS = 64;
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final int CACHE_LINE_BYTES = 64;
  private static final int SOCKET_BUFFER_BYTES = 4 * 1024 * 1024;
  private static final int WINDOW_BYTES = 512 * 1024;
  private static final int CREDIT_BYTES = 64 * 1024;

  // <asm-generic/socket.h>, <linux/in.h>, <linux/udp.h>
  private static final int SOL_SOCKET = 1;
  private static final int SO_REUSEADDR = 2;
  private static final int SO_SNDBUF = 7;
  private static final int SO_RCVBUF = 8;
  private static final int IPPROTO_IP = 0;
  private static final int IP_MULTICAST_IF = 32;
  private static final int IP_ADD_MEMBERSHIP = 35;
  private static final int IP_MULTICAST_ALL = 49;
  private static final int SOL_UDP = 17;
  private static final int UDP_SEGMENT = 103;
  private static final int UDP_GRO = 104;

  /** {@code struct ip_mreqn}: group, local address, interface. */
  private static final int MREQN_BYTES = 12;

  private static final int MREQN_INTERFACE_OFFSET = 8;

  @Override
  public String name() {
    return "udp-mcast";
  }

  @Override
  public @Nullable String unavailable(boolean bulk, double loss) {
    return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux")
        ? null
        : "the raw sockets are Linux's";
  }

  @Override
  public Endpoint open(Setup setup) throws IOException {
    if (setup.size() > setup.mtu()) {
      throw new IOException("a message of " + setup.size() + " bytes fits no raw datagram");
    }
    return setup.initiator() ? new Sender(setup) : new Members(setup);
  }

  private static UnsafeBuffer newBuffer() {
    return new UnsafeBuffer(BufferUtil.allocateDirectAligned(BUFFER_BYTES, CACHE_LINE_BYTES));
  }

  /** Joins a group at the loopback, or with none sends to groups by it. */
  private static void setGroup(LinuxSocket socket, int option, @Nullable EndpointAddress group)
      throws IOException {
    UnsafeBuffer request = new UnsafeBuffer(new byte[MREQN_BYTES]);
    if (group != null) {
      request.putInt(0, (int) group.low(), java.nio.ByteOrder.BIG_ENDIAN);
    }
    NetworkInterface loopback = NetworkInterface.getByName(Group.INTERFACE);
    if (loopback == null) {
      throw new IOException("there is no interface " + Group.INTERFACE);
    }
    request.putInt(MREQN_INTERFACE_OFFSET, loopback.getIndex());
    int error = socket.trySetOption(IPPROTO_IP, option, request, MREQN_BYTES);
    if (error != 0) {
      throw new IOException("the loopback takes no group: system error " + error);
    }
  }

  private static final class Sender implements Endpoint {
    private final LinuxSocket socket = new LinuxSocket(EndpointAddress.IPV4);
    private final UnsafeBuffer train = newBuffer();
    private final UnsafeBuffer credit = newBuffer();
    private final EndpointAddress group;
    private final int size;
    private final int trainBytes;
    private final String settings;
    private int staged;
    private long nextSequence;
    private long credited;

    Sender(Setup setup) throws IOException {
      size = setup.size();
      int segment = setup.mtu() / size * size;
      trainBytes = Math.min(MOST_SEGMENTS, TRAIN_BYTES / segment) * segment;
      group = EndpointAddress.of(Group.address(setup), setup.remotePort());
      socket.setOption("SO_SNDBUF", SOL_SOCKET, SO_SNDBUF, SOCKET_BUFFER_BYTES);
      setGroup(socket, IP_MULTICAST_IF, null);
      socket.setOption("UDP_SEGMENT", SOL_UDP, UDP_SEGMENT, segment);
      socket.bind(EndpointAddress.of(Group.INTERFACE_ADDRESS, setup.localPort()));
      settings =
          "plain sendto and recv, trains of "
              + trainBytes
              + " by UDP_SEGMENT "
              + segment
              + " and UDP_GRO, window "
              + WINDOW_BYTES
              + " beyond the slowest receiver";
    }

    @Override
    public boolean connected() {
      return true;
    }

    @Override
    public boolean send(DirectBuffer buffer, int offset, int length) {
      long sequence = buffer.getLong(offset);
      if (sequence < nextSequence || credited == 0) {
        credited = sequence; // a first message: nothing is on its way
      }
      if ((sequence - credited) * size >= WINDOW_BYTES || !hasRoom(length)) {
        return false;
      }
      train.putBytes(staged, buffer, offset, length);
      staged += length;
      nextSequence = sequence + 1;
      return true;
    }

    private boolean hasRoom(int length) {
      return staged + length <= trainBytes || flush();
    }

    private boolean flush() {
      if (staged > 0) {
        if (socket.sendTo(train.addressOffset(), staged, group) < 0) {
          return false;
        }
        staged = 0;
      }
      return true;
    }

    @Override
    public int poll(MessageSink sink) {
      flush();
      int done = 0;
      while (socket.receive(credit.addressOffset(), BUFFER_BYTES) == Long.BYTES) {
        credited = Math.max(credited, credit.getLong(0));
        done++;
      }
      return done;
    }

    @Override
    public String settings() {
      return settings;
    }

    @Override
    public void close() {
      socket.close();
    }
  }

  private static final class Members extends Receivers {
    private final LinuxSocket[] sockets;
    private final long[] next;
    private final LinuxSocket back = new LinuxSocket(EndpointAddress.IPV4);
    private final EndpointAddress sender;
    private final UnsafeBuffer in = newBuffer();
    private final UnsafeBuffer credit = newBuffer();
    private final int size;
    private long told;

    Members(Setup setup) throws IOException {
      super(setup.receivers());
      size = setup.size();
      sockets = new LinuxSocket[count()];
      next = new long[count()];
      EndpointAddress group = EndpointAddress.of(Group.address(setup), setup.localPort());
      for (int i = 0; i < sockets.length; i++) {
        LinuxSocket socket = new LinuxSocket(EndpointAddress.IPV4);
        sockets[i] = socket;
        socket.setOption("SO_REUSEADDR", SOL_SOCKET, SO_REUSEADDR, 1);
        socket.setOption("SO_RCVBUF", SOL_SOCKET, SO_RCVBUF, SOCKET_BUFFER_BYTES);
        socket.setOption("IP_MULTICAST_ALL", IPPROTO_IP, IP_MULTICAST_ALL, 0);
        socket.setOption("UDP_GRO", SOL_UDP, UDP_GRO, 1);
        socket.bind(group);
        setGroup(socket, IP_ADD_MEMBERSHIP, group);
      }
      back.bind(EndpointAddress.of(Group.INTERFACE_ADDRESS, 0));
      sender = EndpointAddress.of(Group.INTERFACE_ADDRESS, setup.remotePort());
    }

    @Override
    public boolean connected() {
      return true;
    }

    @Override
    public int poll(MessageSink[] sinks) {
      int done = 0;
      for (int i = 0; i < sockets.length; i++) {
        int length = sockets[i].receive(in.addressOffset(), BUFFER_BYTES);
        if (length > 0) {
          next[i] = in.getLong(length - size) + 1;
          for (int offset = 0; offset < length; offset += size) {
            sinks[i].onMessage(in, offset, size);
            done++;
          }
        }
      }
      if (done > 0) {
        giveCredit();
      }
      return done;
    }

    private void giveCredit() {
      long slowest = Long.MAX_VALUE;
      for (long each : next) {
        slowest = Math.min(slowest, each);
      }
      if ((slowest - told) * size >= CREDIT_BYTES) {
        told = slowest;
        credit.putLong(0, slowest);
        back.sendTo(credit.addressOffset(), Long.BYTES, sender);
      }
    }

    @Override
    public String settings() {
      return "plain recv, one socket a receiver";
    }

    @Override
    public void close() {
      back.close();
      for (LinuxSocket socket : sockets) {
        socket.close();
      }
    }
  }
}
