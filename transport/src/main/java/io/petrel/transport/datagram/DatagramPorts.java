package io.petrel.transport.datagram;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;

/**
 * Chooses the kind of real port that runs on this machine: {@code native} (system calls with
 * segmentation offload, Linux) where it can, else {@code nio} (any platform).
 *
 * <p>The option {@code datagram-port} or the caller overrides the choice.
 */
public final class DatagramPorts {
  /** Asks for the fastest kind that runs here. */
  public static final String FASTEST = "auto";

  private static final System.Logger LOGGER = System.getLogger(DatagramPorts.class.getName());

  private DatagramPorts() {}

  /**
   * The named kind, or the fastest that is available; logged.
   *
   * @param kind a name, or {@link #FASTEST}
   * @throws IllegalArgumentException when there is none of that name, or it cannot run here
   */
  public static DatagramPortFactory choose(String kind) {
    if (kind.equals(FASTEST)) {
      return fastest(kinds());
    }
    DatagramPortFactory factory = named(kind, kinds());
    LOGGER.log(System.Logger.Level.INFO, "datagram ports: {0}, as asked for", kind);
    return factory;
  }

  /**
   * Refuses what {@link #choose} would refuse, and logs nothing.
   *
   * @param kind a name, or {@link #FASTEST}
   * @return the same
   * @throws IllegalArgumentException when there is none of that name, or it cannot run here
   */
  public static String check(String kind) {
    return kind.equals(FASTEST) ? kind : named(kind, kinds()).name();
  }

  private static DatagramPortFactory named(String kind, List<DatagramPortFactory> kinds) {
    for (DatagramPortFactory factory : kinds) {
      if (factory.name().equals(kind)) {
        if (!factory.unavailableBecause().isEmpty()) {
          throw new IllegalArgumentException(
              "datagram port '" + kind + "' cannot run here: " + factory.unavailableBecause());
        }
        return factory;
      }
    }
    throw new IllegalArgumentException(
        "no datagram port is called '"
            + kind
            + "'; there are "
            + kinds.stream().map(DatagramPortFactory::name).toList());
  }

  private static DatagramPortFactory fastest(List<DatagramPortFactory> kinds) {
    for (DatagramPortFactory factory : kinds) {
      String reason = factory.unavailableBecause();
      if (reason.isEmpty()) {
        LOGGER.log(System.Logger.Level.INFO, "datagram ports: {0}", factory.name());
        return factory;
      }
      LOGGER.log(
          System.Logger.Level.WARNING, "datagram ports: not {0}: {1}", factory.name(), reason);
    }
    throw new IllegalStateException("no kind of datagram port runs here; tried " + kinds);
  }

  private static List<DatagramPortFactory> kinds() {
    List<DatagramPortFactory> kinds = new ArrayList<>();
    ServiceLoader.load(DatagramPortFactory.class, DatagramPortFactory.class.getClassLoader())
        .forEach(kinds::add);
    kinds.sort(Comparator.comparingInt(DatagramPortFactory::rank).reversed());
    return kinds;
  }
}
