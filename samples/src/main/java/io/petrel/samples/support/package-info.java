/**
 * What samples need beside Petrel to run alone: a bad network, and loops that give up. Not for
 * copying.
 */
@NullMarked
package io.petrel.samples.support;

import org.jspecify.annotations.NullMarked;
