/**
 * The commands that move streams: {@code record}, {@code replay} and {@code bridge}. The journal
 * itself lives in the transport module.
 */
@NullMarked
package io.petrel.bench.journal;

import org.jspecify.annotations.NullMarked;
