package io.petrel.multicast;

import io.petrel.transport.Channel;
import io.petrel.transport.Options;
import io.petrel.transport.PetrelException;
import io.petrel.transport.Publication;
import io.petrel.transport.SessionEvents;
import io.petrel.transport.Subscription;
import io.petrel.transport.datagram.DatagramPortFactory;
import io.petrel.transport.datagram.DatagramPorts;
import io.petrel.transport.datagram.EndpointAddress;
import io.petrel.transport.spi.EngineHandle;
import io.petrel.transport.spi.Transport;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import org.agrona.collections.ArrayUtil;
import org.jspecify.annotations.Nullable;

/** All mcast:// publications and subscriptions of an engine. */
final class McastTransport implements Transport {
  private final EngineHandle engine;
  private final DatagramPortFactory ports;
  private final SecureRandom random = new SecureRandom();
  private final McastMetrics metrics;
  private McastSender[] senders = {};
  private McastReader[] readers = {};
  private McastRecorder[] recorders = {};

  McastTransport(EngineHandle engine) {
    this.engine = engine;
    ports = DatagramPorts.choose(engine.context().value(Options.DATAGRAM_PORT));
    metrics = new McastMetrics(engine.counters(), System.nanoTime());
  }

  EngineHandle engine() {
    return engine;
  }

  DatagramPortFactory ports() {
    return ports;
  }

  /** Nobody else can foresee it. */
  long nextRandom() {
    return random.nextLong();
  }

  @Override
  public Publication publish(
      Channel channel, @Nullable InetSocketAddress address, boolean exclusive) {
    McastSender sender = new McastSender(this, channel, required(channel, address), exclusive);
    senders = ArrayUtil.add(senders, sender);
    if (sender.recorder() != null) {
      recorders = ArrayUtil.add(recorders, sender.recorder());
    }
    return sender.publication();
  }

  @Override
  public Subscription subscribe(
      Channel channel, @Nullable InetSocketAddress address, SessionEvents events) {
    McastReader reader = new McastReader(this, channel, required(channel, address), events);
    readers = ArrayUtil.add(readers, reader);
    return reader.subscription();
  }

  private static EndpointAddress required(Channel channel, @Nullable InetSocketAddress address) {
    if (address == null || address.getPort() == 0) {
      throw new PetrelException(channel + " needs a group and its port");
    }
    return EndpointAddress.of(address);
  }

  @Override
  public int work(long nowNs) {
    int done = 0;
    McastReader[] reading = readers;
    for (int i = 0; i < reading.length; i++) {
      done += reading[i].work(nowNs);
      if (reading[i].isOver()) {
        metrics.keep(reading[i]);
        readers = ArrayUtil.remove(readers, reading[i]);
      }
    }
    McastSender[] sending = senders;
    for (int i = 0; i < sending.length; i++) {
      done += sending[i].work(nowNs);
      if (sending[i].isOver()) {
        metrics.keep(sending[i]);
        senders = ArrayUtil.remove(senders, sending[i]);
      }
    }
    McastRecorder[] recording = recorders;
    for (int i = 0; i < recording.length; i++) {
      if (recording[i].isEnded()) {
        recorders = ArrayUtil.remove(recorders, recording[i]);
      }
    }
    if (metrics.isDue(nowNs)) {
      metrics.publish(nowNs, senders, readers);
    }
    return done;
  }

  @Override
  public void beginClose(long nowNs) {
    for (McastReader reader : readers) {
      reader.beginClose();
    }
    for (McastSender sender : senders) {
      sender.beginClose();
    }
  }

  @Override
  public boolean isQuiet() {
    return senders.length == 0 && readers.length == 0 && recorders.length == 0;
  }

  @Override
  public void close() {
    for (McastReader reader : readers) {
      reader.release();
    }
    for (McastSender sender : senders) {
      sender.release();
    }
  }
}
