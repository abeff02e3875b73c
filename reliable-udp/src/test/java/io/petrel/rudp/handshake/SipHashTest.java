package io.petrel.rudp.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

class SipHashTest {
  /** Key 00 01 .. 0f and the inputs 00 01 .. of the reference implementation's vectors. */
  private final SipHash hash = new SipHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);

  @Test
  void givesTheValuesOfTheReferenceImplementation() {
    assertEquals(0x726fdb47dd0e0e31L, hash.begin().end());
    assertEquals(0x93f5f5799a932462L, hash.begin().add(0x0706050403020100L).end());
  }

  @Test
  void theNumberOfWordsCounts() {
    assertNotEquals(hash.begin().add(0).end(), hash.begin().add(0).add(0).end());
  }
}
