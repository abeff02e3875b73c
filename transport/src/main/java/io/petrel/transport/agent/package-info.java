/**
 * How threads of Petrel's own run: how they idle, on which core, how an agent is run and closed,
 * and how long its turns take. What an agent does lives elsewhere.
 */
@NullMarked
package io.petrel.transport.agent;

import org.jspecify.annotations.NullMarked;
