/** The NIO port against its contract, and what is particular to it. */
@NullMarked
package io.petrel.transport.nio;

import org.jspecify.annotations.NullMarked;
