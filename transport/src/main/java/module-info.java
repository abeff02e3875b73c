/** The API, rings, datagram ports, agents, counters and the plain transports. */
module io.petrel.transport {
  requires transitive io.petrel.codecs;
  requires transitive org.agrona;
  requires transitive HdrHistogram;
  requires jdk.jfr;
  requires jdk.net;
  requires static org.jspecify;

  exports io.petrel.transport;
  exports io.petrel.transport.agent;
  exports io.petrel.transport.datagram;
  exports io.petrel.transport.flight;
  exports io.petrel.transport.journal;
  exports io.petrel.transport.metrics;
  exports io.petrel.transport.ring;
  exports io.petrel.transport.spi;
  exports io.petrel.transport.simulation;
  exports io.petrel.transport.time;
  exports io.petrel.transport.units;

  uses io.petrel.transport.PetrelProvider;
  uses io.petrel.transport.datagram.DatagramPortFactory;
  uses io.petrel.transport.journal.JournalProvider;
  uses io.petrel.transport.spi.TransportProvider;

  provides io.petrel.transport.PetrelProvider with
      io.petrel.transport.engine.EngineProvider;
  provides io.petrel.transport.datagram.DatagramPortFactory with
      io.petrel.transport.linux.LinuxDatagramPortFactory,
      io.petrel.transport.nio.NioDatagramPortFactory;
  provides io.petrel.transport.journal.JournalProvider with
      io.petrel.transport.journal.chronicle.ChronicleJournalProvider;
  provides io.petrel.transport.spi.TransportProvider with
      io.petrel.transport.aeron.AeronTransportProvider,
      io.petrel.transport.ipc.IpcTransportProvider,
      io.petrel.transport.tcp.TcpTransportProvider;
}
