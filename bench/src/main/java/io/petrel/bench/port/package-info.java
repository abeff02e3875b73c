/**
 * What a datagram port costs: measured by itself against the bare system calls, on two pinned
 * threads of one process. Whole transports are measured by the rigs next door.
 */
@NullMarked
package io.petrel.bench.port;

import org.jspecify.annotations.NullMarked;
