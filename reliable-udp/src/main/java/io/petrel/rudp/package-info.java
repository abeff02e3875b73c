/**
 * The rudp transport: reliable UDP. The protocol in the packages below knows no socket, thread or
 * clock.
 */
@NullMarked
package io.petrel.rudp;

import org.jspecify.annotations.NullMarked;
