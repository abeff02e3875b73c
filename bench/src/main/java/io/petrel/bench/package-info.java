/**
 * The {@code petrel} command: rigs that measure, simulators that predict, reports that show both.
 */
@NullMarked
package io.petrel.bench;

import org.jspecify.annotations.NullMarked;
