/**
 * Linux by its system calls, through the foreign-function interface: sockets, the native datagram
 * port on top of them, and what threads need of the scheduler. The only package that may import
 * {@code java.lang.foreign}. No protocol lives here.
 */
@NullMarked
package io.petrel.transport.linux;

import org.jspecify.annotations.NullMarked;
