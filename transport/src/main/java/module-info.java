/** The API, rings, datagram ports, agents, counters and the plain transports. */
module io.petrel.transport {
  requires transitive io.petrel.codecs;
  requires transitive org.agrona;
  requires static org.jspecify;

  exports io.petrel.transport.datagram;

  uses io.petrel.transport.datagram.DatagramPortFactory;

  exports io.petrel.transport.units;
}
