/**
 * The engine: its turn, who takes it, the commands of other threads, and subscriptions, which poll
 * what transports fill. How bytes travel is the transports' business.
 */
@NullMarked
package io.petrel.transport.engine;

import org.jspecify.annotations.NullMarked;
