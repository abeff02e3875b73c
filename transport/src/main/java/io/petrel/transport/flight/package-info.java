/**
 * What is rare, as events of the JDK's flight recorder: sessions that come and go, loss for good,
 * stalls. Nothing of it is on the data path; with no recording running it costs a look at a flag.
 * Counts live in the metrics files, not here.
 */
@NullMarked
package io.petrel.transport.flight;

import org.jspecify.annotations.NullMarked;
