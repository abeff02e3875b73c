/** The native port against its contract, and what is particular to it. */
@NullMarked
package io.petrel.transport.linux;

import org.jspecify.annotations.NullMarked;
