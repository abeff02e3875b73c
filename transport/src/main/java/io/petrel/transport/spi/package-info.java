/**
 * What a transport implements and what the engine gives it. A transport is found by the scheme of a
 * URI through {@link java.util.ServiceLoader} as a {@link
 * io.petrel.transport.spi.TransportProvider}. Applications need nothing of this; the engine itself
 * lives in {@code engine}, the transports in packages of their own.
 */
@NullMarked
package io.petrel.transport.spi;

import org.jspecify.annotations.NullMarked;
