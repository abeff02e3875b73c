/** Wire frames and sample messages as SBE flyweights. */
module io.petrel.codecs {
  requires transitive org.agrona;
  requires static org.jspecify;

  exports io.petrel.codecs;
  exports io.petrel.codecs.wire;
  exports io.petrel.codecs.marketdata;
  exports io.petrel.codecs.orders;
}
