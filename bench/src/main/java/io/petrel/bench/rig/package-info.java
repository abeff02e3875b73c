/**
 * The side-by-side rigs: each end of each peer a pinned process of its own, rounds interleaved,
 * every message checked. What differs between peers lives in the peer package.
 */
@NullMarked
package io.petrel.bench.rig;

import org.jspecify.annotations.NullMarked;
