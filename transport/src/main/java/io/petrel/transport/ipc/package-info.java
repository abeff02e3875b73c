/**
 * {@code ipc://}: one broadcast ring in a mapped file, written by any number of publications and
 * read by any number of subscriptions, each at its own position, in any process of this user.
 *
 * <p>Everything that the processes share is here: the file's layout, claims and commits, who takes
 * part, and what becomes of those that die. Rings within a process live in {@code ring}.
 */
@NullMarked
package io.petrel.transport.ipc;

import org.jspecify.annotations.NullMarked;
