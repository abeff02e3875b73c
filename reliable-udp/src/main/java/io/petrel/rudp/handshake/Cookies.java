package io.petrel.rudp.handshake;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.petrel.transport.datagram.EndpointAddress;
import java.util.function.LongSupplier;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Cookies that prove an address without any memory of it: the time, and two keyed hashes over the
 * time, the address and what the hello asks for.
 *
 * <pre>
 *   0            8            16           24
 *   | made at ns | hash       | hash       |
 * </pre>
 *
 * A cookie is good for {@value #LIFETIME_NS} ns; the keys change every {@value #KEY_LIFETIME_NS}
 * ns, and those before are kept as long.
 */
public final class Cookies {
  /** Bytes of a cookie. */
  public static final int LENGTH = 24;

  /** What {@link #age} answers for a cookie that is not good. */
  public static final long INVALID = -1;

  /** Longer than a hello's longest wait for its answer. */
  static final long LIFETIME_NS = 10_000_000_000L;

  static final long KEY_LIFETIME_NS = 60_000_000_000L;

  private final LongSupplier random;
  private Keys current;
  private Keys previous;
  private long keysMadeNs;

  private record Keys(SipHash first, SipHash second) {
    static Keys draw(LongSupplier random) {
      return new Keys(
          new SipHash(random.getAsLong(), random.getAsLong()),
          new SipHash(random.getAsLong(), random.getAsLong()));
    }
  }

  /** Cookies with keys drawn from a source that nobody else can foresee. */
  public Cookies(long nowNs, LongSupplier random) {
    this.random = random;
    this.current = Keys.draw(random);
    this.previous = current;
    this.keysMadeNs = nowNs;
  }

  /** Writes a cookie for a client. */
  public void write(
      long nowNs,
      EndpointAddress address,
      long clientSessionId,
      long incarnation,
      MutableDirectBuffer target,
      int offset) {
    rotate(nowNs);
    target.putLong(offset, nowNs, LITTLE_ENDIAN);
    target.putLong(
        offset + 8,
        hash(current.first, nowNs, address, clientSessionId, incarnation),
        LITTLE_ENDIAN);
    target.putLong(
        offset + 16,
        hash(current.second, nowNs, address, clientSessionId, incarnation),
        LITTLE_ENDIAN);
  }

  /** How long ago the cookie was made, or {@link #INVALID}. */
  public long age(
      long nowNs,
      EndpointAddress address,
      long clientSessionId,
      long incarnation,
      DirectBuffer cookie,
      int offset,
      int length) {
    rotate(nowNs);
    if (length != LENGTH) {
      return INVALID;
    }
    long madeNs = cookie.getLong(offset, LITTLE_ENDIAN);
    long ageNs = nowNs - madeNs;
    if (ageNs < 0 || ageNs > LIFETIME_NS) {
      return INVALID;
    }
    Keys keys = madeNs - keysMadeNs >= 0 ? current : previous;
    long difference =
        (cookie.getLong(offset + 8, LITTLE_ENDIAN)
                ^ hash(keys.first, madeNs, address, clientSessionId, incarnation))
            | (cookie.getLong(offset + 16, LITTLE_ENDIAN)
                ^ hash(keys.second, madeNs, address, clientSessionId, incarnation));
    return difference == 0 ? ageNs : INVALID;
  }

  /** A value of the address and the client's id that nobody can foresee: for tables. */
  static long place(SipHash hash, EndpointAddress address, long clientSessionId) {
    return hash.begin()
        .add(address.high())
        .add(address.low())
        .add(address.port())
        .add(clientSessionId)
        .end();
  }

  private static long hash(
      SipHash hash, long madeNs, EndpointAddress address, long clientSessionId, long incarnation) {
    return hash.begin()
        .add(madeNs)
        .add(address.high())
        .add(address.low())
        .add(((long) address.scopeId() << 32) | address.port())
        .add(clientSessionId)
        .add(incarnation)
        .end();
  }

  private void rotate(long nowNs) {
    if (nowNs - keysMadeNs >= KEY_LIFETIME_NS) {
      previous = current;
      current = Keys.draw(random);
      keysMadeNs = nowNs;
    }
  }
}
