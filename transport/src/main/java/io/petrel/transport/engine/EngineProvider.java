package io.petrel.transport.engine;

import io.petrel.transport.Context;
import io.petrel.transport.JvmFlags;
import io.petrel.transport.OptionGroup;
import io.petrel.transport.Options;
import io.petrel.transport.Petrel;
import io.petrel.transport.PetrelException;
import io.petrel.transport.PetrelProvider;
import io.petrel.transport.spi.TransportProvider;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;

/** Found by {@link Petrel#launch()}; finds the transports. */
public final class EngineProvider implements PetrelProvider {
  /** For the service loader. */
  public EngineProvider() {}

  @Override
  public Petrel launch(Context context) {
    try {
      return new EnginePetrel(context, transports());
    } catch (LinkageError e) {
      String remedy = JvmFlags.remedyFor(e);
      if (remedy == null) {
        throw e;
      }
      throw new PetrelException(remedy, e);
    }
  }

  @Override
  public List<OptionGroup> options() {
    List<OptionGroup> groups = new ArrayList<>();
    groups.add(Options.ENGINE);
    transports().forEach(transport -> groups.add(transport.options()));
    return groups;
  }

  private static List<TransportProvider> transports() {
    return ServiceLoader.load(TransportProvider.class, TransportProvider.class.getClassLoader())
        .stream()
        .map(ServiceLoader.Provider::get)
        .sorted(Comparator.comparing(TransportProvider::scheme))
        .toList();
  }
}
