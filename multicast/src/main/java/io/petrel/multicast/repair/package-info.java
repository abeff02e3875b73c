/**
 * How what was lost comes again without a storm: when to ask (the back-off law), what is missing
 * and what became of each question, what is to be repaired and what was just now. Positions and
 * times only; neither frames nor rings.
 */
@NullMarked
package io.petrel.multicast.repair;

import org.jspecify.annotations.NullMarked;
