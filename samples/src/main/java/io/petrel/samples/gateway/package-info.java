/**
 * An order gateway and its clients over sessions that break. {@link
 * io.petrel.samples.gateway.OrderGateway} plays them all; {@code Client} and {@code Gateway} are
 * what to copy.
 */
@NullMarked
package io.petrel.samples.gateway;

import org.jspecify.annotations.NullMarked;
