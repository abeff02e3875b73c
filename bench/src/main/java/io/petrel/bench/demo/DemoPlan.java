package io.petrel.bench.demo;

/**
 * What is to be played.
 *
 * @param networkInterface of the market data
 * @param subscribers to the market data
 * @param changesPerSecond market data messages
 * @param ordersPerSecond orders
 * @param loss share of the datagrams that each end drops in the lossy phase
 * @param warmUpNs how long the code may take to be compiled; checked, not measured
 * @param phaseNs how long each of the two measured phases lasts
 */
record DemoPlan(
    String networkInterface,
    int subscribers,
    long changesPerSecond,
    long ordersPerSecond,
    double loss,
    long warmUpNs,
    long phaseNs) {}
