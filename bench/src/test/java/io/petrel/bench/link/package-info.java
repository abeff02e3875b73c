/** Tests of the impaired link; those that need root skip themselves without it. */
@NullMarked
package io.petrel.bench.link;

import org.jspecify.annotations.NullMarked;
