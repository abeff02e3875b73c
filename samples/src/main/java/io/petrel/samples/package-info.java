/**
 * Small programs that people copy: each one file, or a package of its own below, read from top to
 * bottom. Each plays both ends over loopback, so that it runs as it stands; in life the ends are
 * processes of their own. {@link io.petrel.samples.Samples} lists them.
 */
@NullMarked
package io.petrel.samples;

import org.jspecify.annotations.NullMarked;
