package io.petrel.bench.fanout;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.FragmentAssembler;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.protocol.DataHeaderFlyweight;
import io.petrel.bench.peer.AeronTuning;
import io.petrel.bench.peer.Endpoint;
import io.petrel.bench.peer.Peer;
import io.petrel.bench.peer.Setup;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.AgentInvoker;
import org.jspecify.annotations.Nullable;

/**
 * Aeron over multicast, tuned for it: minimum flow control that waits for all receivers, NAK
 * back-off for this group's size and a round trip of microseconds. A driver for each receiver
 * stands for a host each; a shared one receives once for all of them.
 */
final class AeronMulticastPeer implements Peer {
  private static final int STREAM = 10;
  private static final int WINDOW_LENGTH = 2 * 1024 * 1024;
  private static final int FRAGMENT_LIMIT = 256;
  private static final long NAK_BACK_OFF_NS = TimeUnit.MICROSECONDS.toNanos(500);
  private static final int CLIENT_TURNS = 64;

  private final String name;
  private final boolean shared;

  AeronMulticastPeer(String name, boolean shared) {
    this.name = name;
    this.shared = shared;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public @Nullable String unavailable(boolean bulk, double loss) {
    return null;
  }

  @Override
  public Endpoint open(Setup setup) {
    int drivers = shared ? 1 : setup.receivers();
    return setup.initiator() ? new Sender(setup, drivers) : new Members(setup, drivers);
  }

  private static String channel(Setup setup, int port) {
    return "aeron:udp?endpoint="
        + Group.address(setup)
        + ":"
        + port
        + "|interface="
        + Group.INTERFACE_ADDRESS;
  }

  /** A driver with a client, both invoked. */
  private static final class Node implements AutoCloseable {
    private final MediaDriver driver;
    private final AgentInvoker driverInvoker;
    private final Aeron aeron;
    private final AgentInvoker clientInvoker;
    private int turn;

    Node(Setup setup, String name, int members) {
      String directory = setup.directory().resolve(name).toString();
      driver =
          MediaDriver.launchEmbedded(
              AeronTuning.driver(directory, setup.mtu(), WINDOW_LENGTH)
                  .nakMulticastGroupSize(members)
                  .nakMulticastMaxBackoffNs(NAK_BACK_OFF_NS));
      driverInvoker = driver.sharedAgentInvoker();
      aeron = Aeron.connect(AeronTuning.client(directory).driverAgentInvoker(driverInvoker));
      clientInvoker = aeron.conductorAgentInvoker();
    }

    void work() {
      driverInvoker.invoke();
      // The client's own conductor has nothing to do on the data path.
      if (++turn == CLIENT_TURNS) {
        turn = 0;
        clientInvoker.invoke();
      }
    }

    @Override
    public void close() {
      CloseHelper.closeAll(aeron, driver);
    }
  }

  private static final class Sender implements Endpoint {
    private final Node node;
    private final ExclusivePublication publication;
    private final String settings;

    Sender(Setup setup, int members) {
      node = new Node(setup, "sender", members);
      publication =
          node.aeron.addExclusivePublication(
              channel(setup, setup.remotePort()) + "|fc=min,g:/" + members, STREAM);
      settings =
          AeronTuning.version()
              + " multicast mtu "
              + setup.mtu()
              + ", fc=min with a group of "
              + members
              + ", window "
              + WINDOW_LENGTH
              + ", NAK back-off at most "
              + NAK_BACK_OFF_NS
              + " ns, driver and client invoked, terms of "
              + AeronTuning.TERM_LENGTH
              + " touched ahead, "
              + members
              + (members == 1 ? " driver for all receivers" : " receivers' drivers");
    }

    @Override
    public boolean connected() {
      node.work();
      return publication.isConnected();
    }

    @Override
    public boolean send(DirectBuffer buffer, int offset, int length) {
      return publication.offer(buffer, offset, length) > 0;
    }

    @Override
    public int poll(MessageSink sink) {
      node.work();
      return 0;
    }

    @Override
    public String settings() {
      return settings;
    }

    @Override
    public void close() {
      node.close();
    }
  }

  private static final class Members extends Receivers {
    private final Node[] nodes;
    private final Subscription[] subscriptions;
    private final FragmentHandler[] handlers;
    private MessageSink[] sinks = {};

    Members(Setup setup, int drivers) {
      super(setup.receivers());
      nodes = new Node[drivers];
      subscriptions = new Subscription[count()];
      handlers = new FragmentHandler[count()];
      boolean whole = setup.size() <= setup.mtu() - DataHeaderFlyweight.HEADER_LENGTH;
      for (int i = 0; i < drivers; i++) {
        nodes[i] = new Node(setup, "receiver-" + i, drivers);
      }
      String channel = channel(setup, setup.localPort());
      for (int i = 0; i < count(); i++) {
        int index = i;
        FragmentHandler handler =
            (buffer, offset, length, header) -> sinks[index].onMessage(buffer, offset, length);
        handlers[i] = whole ? handler : new FragmentAssembler(handler);
        subscriptions[i] = nodes[i % drivers].aeron.addSubscription(channel, STREAM);
      }
    }

    @Override
    public boolean connected() {
      work();
      for (Subscription subscription : subscriptions) {
        if (!subscription.isConnected()) {
          return false;
        }
      }
      return true;
    }

    private void work() {
      for (Node node : nodes) {
        node.work();
      }
    }

    @Override
    public int poll(MessageSink[] newSinks) {
      sinks = newSinks;
      work();
      int done = 0;
      for (int i = 0; i < subscriptions.length; i++) {
        done += subscriptions[i].poll(handlers[i], FRAGMENT_LIMIT);
      }
      return done;
    }

    @Override
    public String settings() {
      return AeronTuning.version();
    }

    @Override
    public void close() {
      CloseHelper.closeAll(nodes);
    }
  }
}
