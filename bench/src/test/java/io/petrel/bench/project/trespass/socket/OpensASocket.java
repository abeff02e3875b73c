package io.petrel.bench.project.trespass.socket;

import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;

/** Breaks walls, so that a test can see them hold. */
public final class OpensASocket {
  private OpensASocket() {}

  static long open() {
    System.out.print("");
    return MemorySegment.NULL.byteSize() + new InetSocketAddress(0).getPort();
  }
}
