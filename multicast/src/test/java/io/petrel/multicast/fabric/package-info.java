/** A source and receivers joined by nothing but calls, under a time that tests set. */
package io.petrel.multicast.fabric;
