/** Reliable UDP: the protocol and the rudp transport. */
module io.petrel.rudp {
  requires transitive io.petrel.transport;
  requires static org.jspecify;

  exports io.petrel.rudp.congestion;

  uses io.petrel.rudp.congestion.CongestionControllerFactory;

  provides io.petrel.transport.spi.TransportProvider with
      io.petrel.rudp.RudpTransportProvider;
}
