/**
 * Loss at the endpoints: a datagram port that drops a seeded share of what it is asked to send, and
 * counts it. Known to the library as any other kind of port; links that impair everybody alike are
 * no matter of this package.
 */
@NullMarked
package io.petrel.bench.loss;

import org.jspecify.annotations.NullMarked;
