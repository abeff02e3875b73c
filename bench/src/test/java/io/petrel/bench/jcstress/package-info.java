/**
 * What threads share without a lock, under jcstress: every outcome that can be seen is named, and
 * one that must not be is forbidden. The slow tests run them in a quick mode.
 */
@NullMarked
package io.petrel.bench.jcstress;

import org.jspecify.annotations.NullMarked;
