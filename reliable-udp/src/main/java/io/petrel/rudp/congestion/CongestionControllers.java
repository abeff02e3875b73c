package io.petrel.rudp.congestion;

import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.StringJoiner;

/** Finds a controller by the name that {@code cc=} gives: ours, then what applications provide. */
public final class CongestionControllers {
  private static final List<BuiltIn> BUILT_IN =
      List.of(
          new BuiltIn(CubicController.NAME, (nowNs, settings) -> new CubicController(settings)),
          new BuiltIn(BbrController.NAME, BbrController::new),
          new BuiltIn(FixedController.NAME, (nowNs, settings) -> new FixedController(settings)));

  private CongestionControllers() {}

  /**
   * The factory of that name.
   *
   * @param name {@code cubic}, {@code bbr}, {@code fixed}, or one that an application provides;
   *     case does not matter.
   * @return the factory.
   * @throws IllegalArgumentException when there is none, naming those there are.
   */
  public static CongestionControllerFactory find(String name) {
    String wanted = name.toLowerCase(Locale.ROOT);
    StringJoiner known = new StringJoiner(", ");
    for (BuiltIn factory : BUILT_IN) {
      if (factory.name().equals(wanted)) {
        return factory;
      }
      known.add(factory.name());
    }
    for (CongestionControllerFactory factory :
        ServiceLoader.load(CongestionControllerFactory.class)) {
      if (factory.name().equals(wanted)) {
        return factory;
      }
      known.add(factory.name());
    }
    throw new IllegalArgumentException("cc=" + name + ": no such controller; there are " + known);
  }

  private interface Maker {
    CongestionController make(long nowNs, CongestionSettings settings);
  }

  private record BuiltIn(String name, Maker maker) implements CongestionControllerFactory {
    @Override
    public CongestionController create(long nowNs, CongestionSettings settings) {
      return maker.make(nowNs, settings);
    }
  }
}
