/**
 * The journal on Chronicle Queue, an optional dependency that only this package knows: a queue of
 * binary excerpts, one an entry, with what Chronicle Queue leaves to its user: checksums, segments
 * by size, retention, truncation, room on the disk secured before it is written to.
 */
@NullMarked
package io.petrel.transport.journal.chronicle;

import org.jspecify.annotations.NullMarked;
