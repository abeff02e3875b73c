/**
 * Whole sessions under fuzzing: what coverage leads it to, kept as inputs of the everyday build.
 */
@NullMarked
package io.petrel.rudp.fuzz;

import org.jspecify.annotations.NullMarked;
