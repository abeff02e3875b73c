package io.petrel.bench.rig;

import io.petrel.bench.peer.Peer;
import io.petrel.bench.peer.Peers;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One row of a lossy run's table: a peer with one congestion control.
 *
 * @param peer whose
 * @param controller one of the peer's; empty where it has none to name
 * @param skipped why it cannot run; empty if it can
 */
record LossyCell(Peer peer, String controller, String skipped) {
  /**
   * The rows for some peers.
   *
   * @param names of the peers
   * @param wanted the only congestion control, for peers that have a choice; null for each
   */
  static List<LossyCell> choose(List<String> names, @Nullable String wanted) {
    List<LossyCell> cells = new ArrayList<>();
    for (String name : names) {
      Peer peer = Peers.named(name);
      List<String> controllers = peer.controllers();
      if (wanted == null || controllers.size() < 2) {
        controllers.forEach(controller -> cells.add(new LossyCell(peer, controller, "")));
        if (controllers.isEmpty()) {
          cells.add(new LossyCell(peer, "", ""));
        }
      } else if (controllers.contains(wanted)) {
        cells.add(new LossyCell(peer, wanted, ""));
      } else {
        cells.add(
            new LossyCell(
                peer, wanted, "it has " + String.join(", ", controllers) + " and no " + wanted));
      }
    }
    return cells;
  }

  /**
   * Reads a name such as {@code tcp/cubic}; without a controller it is the peer's default.
   *
   * @throws IllegalArgumentException for an unknown peer or a controller that it lacks
   */
  static LossyCell parse(String text) {
    int slash = text.indexOf('/');
    Peer peer = Peers.named(slash < 0 ? text : text.substring(0, slash));
    List<String> controllers = peer.controllers();
    if (slash < 0) {
      return new LossyCell(peer, controllers.isEmpty() ? "" : controllers.getFirst(), "");
    }
    String controller = text.substring(slash + 1);
    if (!controllers.contains(controller)) {
      throw new IllegalArgumentException(
          peer.name() + " has no congestion control '" + controller + "', only " + controllers);
    }
    return new LossyCell(peer, controller, "");
  }

  /** What people call it. */
  String label() {
    return controller.isEmpty() ? peer.name() : peer.name() + "/" + controller;
  }
}
