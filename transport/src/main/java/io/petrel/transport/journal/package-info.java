/**
 * The journal: what a stream carried, kept on disk. Byte ranges of rings go in ({@link
 * io.petrel.transport.journal.Recorder}) and messages come out ({@link
 * io.petrel.transport.journal.JournalMessages}).
 *
 * <p>Here is what applications see. How the bytes lie in files is behind {@link
 * io.petrel.transport.journal.JournalProvider}; commands live elsewhere.
 */
@NullMarked
package io.petrel.transport.journal;

import org.jspecify.annotations.NullMarked;
