/**
 * How a reader gets what went by before it came, or past it: what is asked of a journal, what comes
 * from it, and how that and the live stream become one without a gap or a duplicate. Requests and
 * chunks in and out; no socket, thread or clock, and nothing of how a journal lies on a disk.
 */
@NullMarked
package io.petrel.multicast.join;

import org.jspecify.annotations.NullMarked;
