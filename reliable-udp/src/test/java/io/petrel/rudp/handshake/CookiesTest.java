package io.petrel.rudp.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.petrel.transport.datagram.EndpointAddress;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class CookiesTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long ID = 77;
  private static final long INCARNATION = 5;

  private final Cookies cookies = new Cookies(0, new SplittableRandom(1)::nextLong);
  private final EndpointAddress address = EndpointAddress.of("192.0.2.1", 4000);
  private final UnsafeBuffer cookie = new UnsafeBuffer(new byte[Cookies.LENGTH]);

  @Test
  void isGoodForItsAddressAndTellsItsAge() {
    cookies.write(SECOND, address, ID, INCARNATION, cookie, 0);
    assertEquals(3_000, age(SECOND + 3_000, address, ID, INCARNATION));
  }

  @Test
  void isNoGoodForAnotherAddressPortClientOrIncarnation() {
    cookies.write(SECOND, address, ID, INCARNATION, cookie, 0);
    assertEquals(
        Cookies.INVALID, age(SECOND, EndpointAddress.of("192.0.2.2", 4000), ID, INCARNATION));
    assertEquals(
        Cookies.INVALID, age(SECOND, EndpointAddress.of("192.0.2.1", 4001), ID, INCARNATION));
    assertEquals(Cookies.INVALID, age(SECOND, address, ID + 1, INCARNATION));
    assertEquals(Cookies.INVALID, age(SECOND, address, ID, INCARNATION + 1));
  }

  @Test
  void isNoGoodWithAnyBitChanged() {
    cookies.write(SECOND, address, ID, INCARNATION, cookie, 0);
    for (int bit = 0; bit < Cookies.LENGTH * 8; bit++) {
      flip(bit);
      assertEquals(Cookies.INVALID, age(SECOND, address, ID, INCARNATION), "bit " + bit);
      flip(bit);
    }
  }

  @Test
  void expires() {
    cookies.write(SECOND, address, ID, INCARNATION, cookie, 0);
    long lastNs = SECOND + Cookies.LIFETIME_NS;
    assertEquals(Cookies.LIFETIME_NS, age(lastNs, address, ID, INCARNATION));
    assertEquals(Cookies.INVALID, age(lastNs + 1, address, ID, INCARNATION));
  }

  @Test
  void survivesOneChangeOfKeys() {
    long madeNs = Cookies.KEY_LIFETIME_NS - SECOND;
    cookies.write(madeNs, address, ID, INCARNATION, cookie, 0);
    assertEquals(2 * SECOND, age(madeNs + 2 * SECOND, address, ID, INCARNATION));
  }

  @Test
  void anotherServersCookieIsNoGood() {
    Cookies other = new Cookies(0, new SplittableRandom(2)::nextLong);
    other.write(SECOND, address, ID, INCARNATION, cookie, 0);
    assertEquals(Cookies.INVALID, age(SECOND, address, ID, INCARNATION));
  }

  private long age(long nowNs, EndpointAddress from, long id, long incarnation) {
    return cookies.age(nowNs, from, id, incarnation, cookie, 0, Cookies.LENGTH);
  }

  private void flip(int bit) {
    cookie.putByte(bit / 8, (byte) (cookie.getByte(bit / 8) ^ (1 << (bit % 8))));
  }
}
