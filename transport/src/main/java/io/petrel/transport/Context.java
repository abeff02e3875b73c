package io.petrel.transport;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.IdleStrategy;
import org.jspecify.annotations.Nullable;

/**
 * How an engine is to be: the one way to configure it. Any option may be set here, those of
 * channels too, for all channels whose URI does not say otherwise. {@link #conclude()} checks
 * everything; after that nothing can be set any more.
 *
 * <pre>{@code
 * new Context().set(Options.THREADING, Threading.INVOKER).set("ring", "16MiB")
 * }</pre>
 */
public final class Context {
  private static final System.Logger LOGGER = System.getLogger(Context.class.getName());

  private final Map<String, String> values = new HashMap<>();
  private @Nullable IdleStrategy idleStrategy;
  private ErrorHandler errorHandler = error -> {};
  private boolean concluded;

  /** With the defaults and the system properties. */
  public Context() {}

  /**
   * Sets an option by its name and text, as in a URI.
   *
   * @param name of the option
   * @param value with its unit
   * @return this
   */
  public Context set(String name, String value) {
    requireOpen();
    values.put(name, value);
    return this;
  }

  /**
   * Sets an option to text as in a URI.
   *
   * @param option to set
   * @param value with its unit
   * @return this
   */
  public Context set(Option<?> option, String value) {
    option.parse(value, "Context");
    return set(option.name(), value);
  }

  /**
   * Sets an option to one of its constants.
   *
   * @param option to set
   * @param value a constant of its enumeration
   * @return this
   * @param <E> the enumeration
   */
  public <E extends Enum<E>> Context set(Option<E> option, E value) {
    return set(option, Option.textOf(value));
  }

  /**
   * Sets who takes the engine's turns.
   *
   * @param threading by default {@link Threading#THREAD}
   * @return this
   */
  public Context threading(Threading threading) {
    return set(Options.THREADING, threading);
  }

  /**
   * Sets an idle strategy of the application's own for the engine's thread, instead of a named one.
   *
   * @param strategy used by this engine only
   * @return this
   */
  public Context idleStrategy(IdleStrategy strategy) {
    requireOpen();
    idleStrategy = strategy;
    return this;
  }

  /**
   * Sets who is told what handlers throw and what fails within the engine. All of it is counted in
   * the metrics file and logged there and to the system logger {@code io.petrel}, once for each
   * distinct error, whether a handler is set or not.
   *
   * @param handler called on the thread where it happens, each time; by default does nothing
   * @return this
   */
  public Context errorHandler(ErrorHandler handler) {
    requireOpen();
    errorHandler = handler;
    return this;
  }

  /**
   * Checks everything that was set here or by system properties.
   *
   * @return this, no longer to be changed
   * @throws ConfigurationException naming the option, the value and what would be right
   */
  public Context conclude() {
    if (concluded) {
      return this;
    }
    List<Option<?>> known = new ArrayList<>();
    PetrelProvider.instance().options().forEach(group -> known.addAll(group.options()));
    for (Map.Entry<String, String> entry : values.entrySet()) {
      if (check(known, entry.getKey(), entry.getValue(), "Context") == 0) {
        throw new ConfigurationException(
            "Context: "
                + OptionGroup.unknown(
                    "option", entry.getKey(), known.stream().map(Option::name).toList()));
      }
    }
    Properties properties = System.getProperties();
    Stream.of(properties.stringPropertyNames().toArray(new String[0]))
        .filter(name -> name.startsWith(Option.PROPERTY_PREFIX))
        .forEach(name -> concludeProperty(known, name, properties.getProperty(name)));
    concluded = true;
    return this;
  }

  /**
   * The value of an option that does not depend on a channel.
   *
   * @param option to look for
   * @return what was set here, else the system property, else the default
   * @param <T> of the option
   */
  public <T> T value(Option<T> option) {
    String value = values.get(option.name());
    if (value != null) {
      return option.parse(value, "Context");
    }
    value = System.getProperty(option.property());
    return value != null
        ? option.parse(value, "system property " + option.property())
        : option.parse(option.defaultText(), "the default");
  }

  /**
   * The value of an option for a channel.
   *
   * @param option to look for
   * @param channel whose URI goes before all else
   * @return what the URI says, else {@link #value(Option)}
   * @param <T> of the option
   */
  public <T> T value(Option<T> option, Channel channel) {
    return channel.get(option).orElseGet(() -> value(option));
  }

  /**
   * The application's own idle strategy.
   *
   * @return null for the named one
   */
  public @Nullable IdleStrategy idleStrategy() {
    return idleStrategy;
  }

  /**
   * Who is told of errors.
   *
   * @return by default one that does nothing
   */
  public ErrorHandler errorHandler() {
    return errorHandler;
  }

  private static void concludeProperty(List<Option<?>> known, String property, String value) {
    String name = property.substring(Option.PROPERTY_PREFIX.length());
    if (check(known, name, value, "system property " + property) == 0) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          () ->
              "system property ignored: "
                  + OptionGroup.unknown("option", name, known.stream().map(Option::name).toList()));
    }
  }

  private static int check(List<Option<?>> known, String name, String value, String where) {
    int found = 0;
    for (Option<?> option : known) {
      if (option.name().equals(name)) {
        option.parse(value, where);
        found++;
      }
    }
    return found;
  }

  private void requireOpen() {
    if (concluded) {
      throw new IllegalStateException("the context is concluded: set options before the launch");
    }
  }
}
