package io.petrel.transport.simulation;

import java.util.Objects;

/**
 * A generator whose sequence depends on its seed alone, on any machine: xoshiro256** started by
 * SplitMix64. It drives the simulated faults and the random configurations of tests.
 *
 * <p>{@link #fork} gives an independent stream that depends on the seed and a name, not on what was
 * drawn so far: a fault or a parameter that is added later leaves the draws of all others as they
 * were.
 */
public final class SeededRandom {
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L; // 2^64 / golden ratio, odd
  private static final double DOUBLE_UNIT = 0x1.0p-53;

  private final long seed;
  private long s0;
  private long s1;
  private long s2;
  private long s3;

  /**
   * Starts a sequence.
   *
   * @param seed any value; equal seeds give equal sequences
   */
  public SeededRandom(long seed) {
    this.seed = seed;
    long state = seed + GOLDEN_GAMMA;
    s0 = mix(state);
    state += GOLDEN_GAMMA;
    s1 = mix(state);
    state += GOLDEN_GAMMA;
    s2 = mix(state);
    state += GOLDEN_GAMMA;
    s3 = mix(state);
  }

  /**
   * An independent sequence.
   *
   * @param name what the sequence is for
   * @return a generator seeded from this one's seed and the name
   */
  public SeededRandom fork(String name) {
    long hash = seed;
    for (int i = 0; i < name.length(); i++) {
      hash = mix((hash ^ name.charAt(i)) + GOLDEN_GAMMA);
    }
    return new SeededRandom(mix(hash + name.length()));
  }

  /**
   * An independent sequence out of a numbered family.
   *
   * @param name what the family is for
   * @param index which of the family
   * @return a generator seeded from this one's seed, the name and the index
   */
  public SeededRandom fork(String name, long index) {
    return new SeededRandom(mix(fork(name).seed + GOLDEN_GAMMA * (index + 1)));
  }

  /** The seed this sequence began with. */
  public long seed() {
    return seed;
  }

  /** All 64 bits, each as likely set as not. */
  public long nextLong() {
    long result = Long.rotateLeft(s1 * 5, 7) * 9;
    long shifted = s1 << 17;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= shifted;
    s3 = Long.rotateLeft(s3, 45);
    return result;
  }

  /**
   * Evenly from 0 to below a bound. The bias is below bound / 2^64.
   *
   * @param bound above 0
   */
  public long nextLong(long bound) {
    if (bound <= 0) {
      throw new IllegalArgumentException("bound " + bound + " is not above 0");
    }
    return Math.unsignedMultiplyHigh(nextLong(), bound);
  }

  /**
   * Evenly from a range.
   *
   * @param least the smallest value
   * @param most the largest value, included
   */
  public int between(int least, int most) {
    return (int) (least + nextLong((long) most - least + 1));
  }

  /** Evenly from 0 to below 1. */
  public double nextDouble() {
    return (nextLong() >>> 11) * DOUBLE_UNIT;
  }

  /**
   * True with the given probability.
   *
   * @param probability 0 is never, 1 is always
   */
  public boolean chance(double probability) {
    return nextDouble() < probability;
  }

  /**
   * Evenly on a logarithmic scale: a value from 1 to 10 is as likely as one from 100 to 1,000.
   *
   * @param least above 0
   * @param most the largest value, included
   */
  public long logarithmic(long least, long most) {
    double exponent = nextDouble() * StrictMath.log((double) most / least);
    return Math.clamp((long) (least * StrictMath.exp(exponent)), least, most);
  }

  /**
   * Exponentially distributed, as the times between independent events are.
   *
   * @param mean the mean
   */
  public double exponential(double mean) {
    return -mean * StrictMath.log(1 - nextDouble());
  }

  /**
   * One of several.
   *
   * @param choices at least one
   */
  @SafeVarargs
  public final <T> T pick(T... choices) {
    return Objects.requireNonNull(choices[(int) nextLong(choices.length)]);
  }

  /**
   * Scrambles 64 bits, a bijection (the finalizer of SplitMix64).
   *
   * @param value any value
   */
  static long mix(long value) {
    long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }
}
