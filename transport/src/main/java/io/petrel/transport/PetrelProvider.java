package io.petrel.transport;

import java.util.List;
import java.util.ServiceLoader;

/**
 * How {@link Petrel#launch()} finds the engine, so that this package need not know it. Not for
 * applications; transports implement the service interface of the package {@code spi}.
 */
public interface PetrelProvider {
  /**
   * Starts an engine.
   *
   * @param context concluded
   * @return running
   */
  Petrel launch(Context context);

  /**
   * Every option there is, of the engine and of the transports found.
   *
   * @return in the order of the reference page
   */
  List<OptionGroup> options();

  /**
   * The one engine on the class path or module path.
   *
   * @return found by {@link ServiceLoader}
   */
  static PetrelProvider instance() {
    return ServiceLoader.load(PetrelProvider.class, PetrelProvider.class.getClassLoader())
        .findFirst()
        .orElseThrow(() ->
            new PetrelException(
                "no engine found: META-INF/services was lost when the jars were merged; keep"
                    + " the entries of all jars"));
  }
}
