/** The contract that every kind of datagram port keeps, and tests of what all kinds share. */
@NullMarked
package io.petrel.transport.datagram;

import org.jspecify.annotations.NullMarked;
