/** Multicast fan-out: the protocol and the mcast transport. */
module io.petrel.multicast {
  requires transitive io.petrel.rudp;
  requires static org.jspecify;

  exports io.petrel.multicast.flow;
  exports io.petrel.multicast.frames;
  exports io.petrel.multicast.join;
  exports io.petrel.multicast.lines;
  exports io.petrel.multicast.receiver;
  exports io.petrel.multicast.repair;
  exports io.petrel.multicast.source;

  provides io.petrel.transport.spi.TransportProvider with
      io.petrel.multicast.McastTransportProvider;
}
