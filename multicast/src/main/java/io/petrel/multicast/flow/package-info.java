/**
 * Who listens and how fast the source may go: the table of receivers, group size and round trip as
 * they report them, the three kinds of flow control, and who is too lossy to be repaired in the
 * group. No frames, no rings.
 */
@NullMarked
package io.petrel.multicast.flow;

import org.jspecify.annotations.NullMarked;
