/**
 * A network in virtual time: hosts, links with seeded faults, datagram ports on them, the loop that
 * drives sans-IO endpoints, and the checker that says whether a stream arrived as it was sent. The
 * same seed gives the same bytes on every machine.
 *
 * <p>No protocol lives here, no thread, no socket and no real clock.
 */
@NullMarked
package io.petrel.transport.simulation;

import org.jspecify.annotations.NullMarked;
