/**
 * How a fan-out's datagrams are written: frame by frame into the memory they leave from. What is
 * written, and when, is decided elsewhere; reading is the generated decoders' work.
 */
@NullMarked
package io.petrel.multicast.frames;

import org.jspecify.annotations.NullMarked;
