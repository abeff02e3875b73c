/**
 * The simulators' command line: a link described by options, protocols run over it in virtual time,
 * and what came of it. The network itself lives in {@code io.petrel.transport.simulation}, the
 * protocols in their modules.
 */
@NullMarked
package io.petrel.bench.sim;

import org.jspecify.annotations.NullMarked;
