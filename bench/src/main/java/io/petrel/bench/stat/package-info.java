/**
 * Looking into a running Petrel, or one that crashed, from outside: its metrics file as a table, as
 * JSON lines, as OpenMetrics text. Only reads; what is counted, and how the file is laid out, lives
 * in {@code io.petrel.transport.metrics}.
 */
@NullMarked
package io.petrel.bench.stat;

import org.jspecify.annotations.NullMarked;
