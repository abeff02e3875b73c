/** Tests of the {@code aeron:} transport; the other end is Petrel, or plain Aeron. */
@NullMarked
package io.petrel.transport.aeron;

import org.jspecify.annotations.NullMarked;
