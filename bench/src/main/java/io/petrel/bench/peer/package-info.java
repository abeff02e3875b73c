/**
 * What the rigs compare. A peer opens the two ends of a connection; everything that differs between
 * transports is behind {@link io.petrel.bench.peer.Endpoint}, everything else is the rigs'.
 */
@NullMarked
package io.petrel.bench.peer;

import org.jspecify.annotations.NullMarked;
