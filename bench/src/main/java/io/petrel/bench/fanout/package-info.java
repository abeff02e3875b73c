/**
 * Peers of the fan-out rig: one end sends, the other stands for many receivers that each get
 * everything. What they measure against each other, and the loops, are the rigs'.
 */
@NullMarked
package io.petrel.bench.fanout;

import org.jspecify.annotations.NullMarked;
