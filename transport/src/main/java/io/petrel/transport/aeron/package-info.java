/**
 * The {@code aeron:} transport: Aeron's own channels under Petrel's API, over a media driver that
 * is embedded or runs elsewhere. What maps to what is told in AERON.md.
 *
 * <p>Aeron is an optional dependency: only {@link io.petrel.transport.aeron.AeronTransportProvider}
 * is loaded where it is absent. Nothing of Aeron's protocol lives here, nor of its Archive and
 * Cluster.
 */
@NullMarked
package io.petrel.transport.aeron;

import org.jspecify.annotations.NullMarked;
