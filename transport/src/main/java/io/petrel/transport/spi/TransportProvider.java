package io.petrel.transport.spi;

import io.petrel.transport.OptionGroup;

/** Makes a transport known by its scheme. */
public interface TransportProvider {
  /**
   * What URIs begin with.
   *
   * @return such as {@code tcp}
   */
  String scheme();

  /**
   * What URIs of the scheme may say.
   *
   * @return all of it, shared options included
   */
  OptionGroup options();

  /**
   * Whether the host of a URI is one to be resolved, and must be there with a port.
   *
   * @return false for shared memory and the like
   */
  default boolean resolvesHost() {
    return true;
  }

  /**
   * Opens the transport, once an engine and only when its scheme is first used.
   *
   * @param engine that will take its turns
   * @return the transport
   */
  Transport open(EngineHandle engine);
}
