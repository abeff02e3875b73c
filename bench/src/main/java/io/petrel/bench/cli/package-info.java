/**
 * What every command shares: options with units, JSON lines, failures that explain themselves. No
 * command lives here, and nothing that measures.
 */
@NullMarked
package io.petrel.bench.cli;

import org.jspecify.annotations.NullMarked;
