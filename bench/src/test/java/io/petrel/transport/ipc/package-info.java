/** What the processes of a mapped ring share, under jcstress; from within, since it is internal. */
@NullMarked
package io.petrel.transport.ipc;

import org.jspecify.annotations.NullMarked;
