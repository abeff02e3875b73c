/**
 * The receiver's side of acknowledgements: which packets came, when to say so, and how to write it.
 * Knows numbers and times, not what the packets carried.
 */
@NullMarked
package io.petrel.rudp.acknowledgement;

import org.jspecify.annotations.NullMarked;
