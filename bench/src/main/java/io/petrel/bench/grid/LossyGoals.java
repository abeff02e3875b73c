package io.petrel.bench.grid;

import io.petrel.bench.measure.Summary;
import io.petrel.codecs.DatagramHeader;
import io.petrel.codecs.FrameHeader;
import io.petrel.codecs.wire.StreamFrameEncoder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What is judged of links that lose, from what the bench wrote of them. */
final class LossyGoals {
  private static final String OURS = "rudp";

  /** The datagram size where a run names none. */
  private static final int MTU = 1_408;

  private static final int IP_AND_UDP_HEADERS = 28;
  private static final int RECORD_HEADER = 8;
  private static final int RECORD_ALIGNMENT = 8;

  private LossyGoals() {}

  /**
   * The lowest median of ours over the lowest of anybody else's.
   *
   * @return null where either is missing
   */
  static @Nullable Summary best(Results of, String key) {
    double ours = lowest(of, key, true);
    double theirs = lowest(of, key, false);
    return Double.isInfinite(ours) || Double.isInfinite(theirs) ? null : Summary.of(ours / theirs);
  }

  private static double lowest(Results of, String key, boolean ours) {
    double lowest = Double.POSITIVE_INFINITY;
    for (String peer : of.peers()) {
      Summary summary = of.ofPeer(peer).summary(key);
      if (peer.startsWith(OURS) == ours && summary != null) {
        lowest = Math.min(lowest, summary.median());
      }
    }
    return lowest;
  }

  /**
   * Goodput over what rudp could carry through the link if it sent each byte once and none was
   * spent on acknowledgements: the messages' share of full datagrams, of what is not lost.
   *
   * @return null where there is no goodput
   */
  static @Nullable Summary ofCeiling(Results of) {
    double[] shares =
        of.rows().stream()
            .mapToDouble(row ->
                row.number("goodput_mbit")
                    / (row.number("rate_mbit")
                        * (1 - row.number("loss"))
                        * payloadShare(row.number("size"))))
            .filter(share -> !Double.isNaN(share))
            .toArray();
    return Arrays.stream(shares).findAny().isEmpty() ? null : Summary.of(shares);
  }

  /** The share of a link's bytes that are those of messages of this size. */
  static double payloadShare(double size) {
    int stream =
        MTU
            - DatagramHeader.LENGTH
            - DatagramHeader.CHECKSUM_LENGTH
            - FrameHeader.LENGTH
            - StreamFrameEncoder.BLOCK_LENGTH;
    double record = Math.ceil((RECORD_HEADER + size) / RECORD_ALIGNMENT) * RECORD_ALIGNMENT;
    return size / record * stream / (MTU + IP_AND_UDP_HEADERS);
  }
}
