/**
 * The wire format of Petrel and its sample messages. Generated flyweights live in the packages
 * below; what checks a datagram before anyone acts on it lives here. No socket, no thread, no
 * clock.
 */
@NullMarked
package io.petrel.codecs;

import org.jspecify.annotations.NullMarked;
