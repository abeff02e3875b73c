package io.petrel.transport.metrics;

/**
 * How much a metrics file has room for. All of it is allocated when the file is created; what does
 * not fit later is counted as refused.
 *
 * @param counters counters and gauges, 264 bytes each
 * @param histograms histograms
 * @param histogramBytes their buckets: two digits up to a minute in nanoseconds take 31 kB, three
 *     digits 221 kB
 * @param errorBytes distinct errors with their stack traces, of 1 to 5 kB each
 */
public record MetricsCapacity(int counters, int histograms, int histogramBytes, int errorBytes) {
  /** For an engine with some hundred sessions: 3.4 MB in all. */
  public static final MetricsCapacity DEFAULT = new MetricsCapacity(4096, 64, 2 << 20, 256 << 10);

  /**
   * The same with room for another number of counters.
   *
   * @param limit counters and gauges
   * @return the changed capacity
   */
  public MetricsCapacity withCounters(int limit) {
    return new MetricsCapacity(limit, histograms, histogramBytes, errorBytes);
  }

  MetricsLayout layout() {
    return new MetricsLayout(counters, histograms, histogramBytes, errorBytes);
  }
}
