package io.petrel.multicast.repair;

/**
 * The law of RFC 5401, section 3.2.1: the density of the waiting time grows exponentially towards
 * its end, the steeper the larger the group, so that whatever the group's size only few draw early
 * and the others hear of it in time.
 *
 * <pre>
 *   lambda = ln(groupSize) + 1
 *   delay  = longest / lambda * ln(1 + uniform * (e^lambda - 1))
 * </pre>
 *
 * The parts that depend on the group's size alone are kept until that changes. For one thread.
 */
public final class TruncatedExponential implements BackOffLaw {
  private int groupSize;
  private double lambda;
  private double expLambdaLessOne;

  /** The law. */
  public TruncatedExponential() {
    prepare(1);
  }

  @Override
  public long delayNs(double uniform, long longestNs, int ofGroupSize) {
    if (ofGroupSize != groupSize) {
      prepare(Math.max(ofGroupSize, 1));
    }
    double delay = longestNs / lambda * StrictMath.log(1 + uniform * expLambdaLessOne);
    return Math.clamp((long) delay, 0, longestNs);
  }

  private void prepare(int size) {
    groupSize = size;
    lambda = StrictMath.log(size) + 1;
    expLambdaLessOne = StrictMath.exp(lambda) - 1;
  }
}
