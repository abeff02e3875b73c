/** Multicast fan-out: the protocol and the mcast transport. */
module io.petrel.multicast {
  requires transitive io.petrel.rudp;
  requires static org.jspecify;
}
