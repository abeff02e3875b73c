/**
 * Two lines that carry the same: which is first, what each lost, whether it lives. What came on
 * either is put together by position elsewhere; here is what the lines themselves are like.
 */
@NullMarked
package io.petrel.multicast.lines;

import org.jspecify.annotations.NullMarked;
