/**
 * The datagram port on the JDK's own channels: the rung for platforms that the native port does not
 * run on, and the one to compare it with. Nothing else lives here.
 */
@NullMarked
package io.petrel.transport.nio;

import org.jspecify.annotations.NullMarked;
