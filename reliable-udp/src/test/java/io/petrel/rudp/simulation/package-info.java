/** The protocol's own endpoints on a simulated network, and what checks them there. */
@NullMarked
package io.petrel.rudp.simulation;

import org.jspecify.annotations.NullMarked;
