package io.petrel.transport.tcp;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks the kernel about many sockets with one call. The few busy sessions of an engine are read in
 * each turn without asking, which is faster; listeners, and the sessions beyond those few, are
 * asked for here. (A listener's {@code accept} that finds nothing allocates; this does not.)
 */
final class TcpReadiness {
  /** Something that is told when there is something to do for it. */
  interface Waiting {
    void onReady();
  }

  /** With none but listeners there is no hurry: a call each turn would cost the others. */
  private static final long LISTENER_LOOK_NS = 500_000;

  private final Consumer<SelectionKey> teller = TcpReadiness::tell;
  private @Nullable Selector selector;
  private int sessions;
  private long lookAtNs = System.nanoTime();

  private static void tell(SelectionKey key) {
    ((Waiting) key.attachment()).onReady();
  }

  void addListener(SelectableChannel channel, Waiting waiting) throws IOException {
    channel.register(opened(), SelectionKey.OP_ACCEPT, waiting);
  }

  /** False when it is gone already. */
  boolean addSession(SelectableChannel channel, Waiting waiting) throws IOException {
    try {
      channel.register(opened(), SelectionKey.OP_READ, waiting);
      sessions++;
      return true;
    } catch (ClosedChannelException e) {
      return false;
    }
  }

  void removeSession() {
    sessions--;
  }

  private Selector opened() throws IOException {
    Selector current = selector;
    if (current == null) {
      current = Selector.open();
      selector = current;
    }
    return current;
  }

  /** Tells those for whom there is something to do. */
  void look(long nowNs) throws IOException {
    Selector current = selector;
    if (current != null && (sessions > 0 || nowNs - lookAtNs >= 0)) {
      lookAtNs = nowNs + LISTENER_LOOK_NS;
      current.selectNow(teller);
    }
  }

  /** Lets go of closed channels now: their descriptors and ports are free only then. */
  void release() {
    Selector current = selector;
    if (current != null && current.isOpen()) {
      try {
        current.selectNow(teller);
      } catch (IOException e) {
        // The next look says the same.
      }
    }
  }

  void close() {
    Selector current = selector;
    if (current != null) {
      try {
        current.close();
      } catch (IOException e) {
        // Its descriptors are gone either way.
      }
    }
  }
}
