/** What transports are built with, without a transport. */
@NullMarked
package io.petrel.transport.spi;

import org.jspecify.annotations.NullMarked;
