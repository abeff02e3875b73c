/** Tests of tcp:// beside the contract. */
@NullMarked
package io.petrel.transport.tcp;

import org.jspecify.annotations.NullMarked;
