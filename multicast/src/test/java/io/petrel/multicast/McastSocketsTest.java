package io.petrel.multicast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.petrel.multicast.fabric.ListSink;
import io.petrel.multicast.frames.FanOutWriter;
import io.petrel.multicast.frames.SetUp;
import io.petrel.transport.Context;
import io.petrel.transport.EndReason;
import io.petrel.transport.MessageHandler;
import io.petrel.transport.Petrel;
import io.petrel.transport.PetrelException;
import io.petrel.transport.Publication;
import io.petrel.transport.SessionEvents;
import io.petrel.transport.SessionInfo;
import io.petrel.transport.Subscription;
import io.petrel.transport.Threading;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Real groups on the loopback interface. */
class McastSocketsTest {
  private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(60);
  private static final String WAITING = "?interface=lo&fc=slowest&start=60s&patience=60s&exclude=1";

  private final List<Petrel> engines = new ArrayList<>();
  private final UnsafeBuffer message = new UnsafeBuffer(new byte[1_000]);

  private Petrel launch() {
    Petrel petrel = Petrel.launch(new Context().threading(Threading.INVOKER).set("linger", "0"));
    engines.add(petrel);
    return petrel;
  }

  @AfterEach
  void closeAll() {
    engines.forEach(Petrel::close);
  }

  private void await(String what, BooleanSupplier condition) {
    long startNs = System.nanoTime();
    while (!condition.getAsBoolean()) {
      for (Petrel petrel : engines) {
        petrel.work();
      }
      assertTrue(System.nanoTime() - startNs < DEADLINE_NS, "waited too long for " + what);
    }
  }

  /** Sends numbers from 0 on and reads them at each subscription, in order. */
  private void exchange(Publication publication, int count, Subscription... subscriptions) {
    long[] read = new long[subscriptions.length];
    int[] sent = {0};
    await(
        count + " messages at " + subscriptions.length + " subscriptions",
        () -> {
          message.putLong(0, sent[0]);
          if (sent[0] < count && publication.offer(message, 0, 64) > 0) {
            sent[0]++;
          }
          boolean all = true;
          for (int i = 0; i < read.length; i++) {
            int which = i;
            subscriptions[i].poll(
                (buffer, offset, length, header) ->
                    assertEquals(read[which]++, buffer.getLong(offset)),
                64);
            all &= read[i] == count;
          }
          return all;
        });
  }

  @Test
  void reachesEverySubscription() {
    String uri = Groups.fresh() + WAITING;
    Subscription[] subscriptions = new Subscription[5];
    for (int i = 0; i < subscriptions.length; i++) {
      subscriptions[i] = launch().subscribe(uri);
    }
    exchange(launch().publishExclusive(uri), 2_000, subscriptions);
  }

  @Test
  void reachesTheSubscriptionsOfAThousandTurnsWhereOnlyTheSourceHearsNaks() {
    String uri = Groups.fresh() + WAITING + "&nak-heard=source";
    Subscription subscription = launch().subscribe(uri);
    exchange(launch().publishExclusive(uri), 1_000, subscription);
  }

  @Test
  void joinsForOneSourceAlone() {
    String place = "mcast://" + Groups.place().replace("239.192", "232.1");
    String options = WAITING + "&nak-heard=source";
    Subscription wanted = launch().subscribe(place + options + "&source=127.0.0.1");
    Subscription other = launch().subscribe(place + options + "&source=127.0.0.9");
    exchange(launch().publishExclusive(place + options), 500, wanted);

    assertEquals(0, other.poll((buffer, offset, length, header) -> {}, 10));
    assertEquals(0, other.sessionCount());
  }

  @Test
  void deliversEachByteOfTwoLinesOnce() {
    String second = Groups.place();
    String uri = Groups.fresh() + WAITING + "&lines=" + second;
    Subscription subscription = launch().subscribe(uri);
    exchange(launch().publishExclusive(uri), 2_000, subscription);
  }

  @Test
  void allocatesNothingOnTwoLines() {
    String uri = Groups.fresh() + WAITING + "&lines=" + Groups.place();
    Petrel reading = launch();
    Subscription subscription = reading.subscribe(uri);
    Publication publication = launch().publishExclusive(uri);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long[] read = {0};
    MessageHandler handler = (buffer, offset, length, header) -> read[0]++;
    long fewest = Long.MAX_VALUE;
    // Until the compiler is done, which a busy machine puts off.
    for (int window = 0; window < 12 || (fewest > 0 && window < 100); window++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 20_000; i++) {
        while (publication.offer(message, 0, 100) < 0) {
          subscription.poll(handler, 64);
        }
        subscription.poll(handler, 64);
      }
      fewest = Math.min(fewest, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertTrue(read[0] > 50_000, read[0] + " messages");
    assertEquals(0, fewest, "bytes allocated");
  }

  /** Writes down what is told of sessions that go on. */
  private static SessionEvents conditions(List<String> told) {
    return new SessionEvents() {
      @Override
      public void onExcluded(SessionInfo session) {
        told.add("excluded from " + session.sessionId());
      }

      @Override
      public void onLine(SessionInfo session, int line, boolean alive) {
        told.add("line " + line + " alive " + alive);
      }
    };
  }

  @Test
  void isToldOfALineThatBringsNothing() {
    String first = "mcast://" + Groups.place() + WAITING;
    List<String> told = new ArrayList<>();
    Subscription subscription =
        launch().subscribe(first + "&lines=" + Groups.place(), conditions(told));
    exchange(launch().publishExclusive(first), 500, subscription);
    await(
        "the word that the second line is dead",
        () -> {
          subscription.poll((buffer, offset, length, header) -> {}, 1);
          return !told.isEmpty();
        });
    assertEquals(List.of("line 1 alive false"), told);
  }

  @Test
  void isToldThatItIsRepairedNoMore() throws IOException {
    String place = Groups.place();
    List<String> told = new ArrayList<>();
    Subscription subscription =
        launch().subscribe("mcast://" + place + WAITING + "&receiver-id=5", conditions(told));
    SetUp setUp = new SetUp();
    setUp.ringCapacity = 64 << 10;
    ListSink sink = new ListSink();
    FanOutWriter writer = new FanOutWriter(77, 0, 1_408, false);
    assertTrue(writer.begin(sink));
    writer.setUp(setUp, new long[] {3, 5}, 2);
    writer.finish();
    byte[] datagram = sink.take().getFirst();
    int colon = place.indexOf(':');
    InetSocketAddress group =
        new InetSocketAddress(
            InetAddress.ofLiteral(place.substring(0, colon)),
            Integer.parseInt(place.substring(colon + 1)));
    try (MulticastSocket socket = new MulticastSocket()) {
      socket.setNetworkInterface(NetworkInterface.getByName("lo"));
      socket.send(new DatagramPacket(datagram, datagram.length, group));
    }
    await(
        "the word that this one is put out",
        () -> {
          subscription.poll((buffer, offset, length, header) -> {}, 1);
          return !told.isEmpty();
        });
    assertEquals(List.of("excluded from 77"), told);
  }

  @Test
  void deliversByEitherLineAlone() {
    String first = Groups.place();
    String second = Groups.place();
    Subscription ofFirst = launch().subscribe("mcast://" + first + WAITING);
    Subscription ofSecond = launch().subscribe("mcast://" + second + WAITING + "&nak-heard=source");
    Publication both = launch().publishExclusive("mcast://" + first + WAITING + "&lines=" + second);

    exchange(both, 500, ofFirst, ofSecond);
  }

  @Test
  void moreGroupsInAProcessThanASocketTakes() {
    Petrel reading = launch();
    Petrel writing = launch();
    for (int i = 0; i < 30; i++) {
      String uri = Groups.fresh() + WAITING + "&ring=16KiB&socket-buffer=64KiB";
      Subscription subscription = reading.subscribe(uri);
      exchange(writing.publishExclusive(uri), 5, subscription);
    }
  }

  @Test
  void aPublisherThatFallsSilentHasTimedOut() {
    String uri = Groups.fresh() + WAITING + "&idle-timeout=300ms";
    List<String> events = new ArrayList<>();
    Petrel reading = launch();
    Subscription subscription =
        reading.subscribe(
            uri,
            new SessionEvents() {
              @Override
              public void onSessionDown(SessionInfo session, EndReason reason, long position) {
                events.add("down " + reason);
              }
            });
    Petrel writing = launch();
    exchange(writing.publishExclusive(uri), 10, subscription);
    engines.remove(writing); // takes no turn any more, as if it had been killed

    await(
        "the event",
        () -> {
          subscription.poll((buffer, offset, length, header) -> {}, 1);
          return !events.isEmpty();
        });
    assertEquals(List.of("down TIMED_OUT"), events);
    engines.add(writing);
  }

  @Test
  void namesTheReceiversThatItWaitsFor() {
    String uri = Groups.fresh() + WAITING.replace("slowest", "named") + "&receivers=7,9";
    Subscription seventh = launch().subscribe(uri + "&receiver-id=7");
    Publication publication = launch().publishExclusive(uri);
    message.putLong(0, 0);
    await("the first offer", () -> publication.offer(message, 0, 64) > 0);
    int[] early = {0};
    for (int i = 0; i < 1_000; i++) {
      engines.forEach(Petrel::work);
      early[0] += seventh.poll((buffer, offset, length, header) -> {}, 1);
    }
    assertEquals(0, early[0], "data waits for the ninth");

    Subscription ninth = launch().subscribe(uri + "&receiver-id=9");
    int[] read = {0, 0};
    await(
        "one message at both",
        () -> {
          read[0] += seventh.poll((buffer, offset, length, header) -> {}, 1);
          read[1] += ninth.poll((buffer, offset, length, header) -> {}, 1);
          return read[0] == 1 && read[1] == 1;
        });
  }

  @Test
  void saysWhatIsWrongWithAGroupOrAnInterface() {
    Petrel petrel = launch();
    String noGroup =
        assertThrows(
                PetrelException.class,
                () -> petrel.subscribe("mcast://127.0.0.1:9000?interface=lo"))
            .toString();
    assertTrue(noGroup.contains("no multicast group"), noGroup);
    String noInterface =
        assertThrows(
                PetrelException.class,
                () -> petrel.subscribe(Groups.fresh() + "?interface=nowhere0"))
            .toString();
    assertTrue(noInterface.contains("interface=nowhere0"), noInterface);
    String noLine =
        assertThrows(
                PetrelException.class,
                () -> petrel.subscribe(Groups.fresh() + "?interface=lo&lines=239.1"))
            .toString();
    assertTrue(noLine.contains("lines=239.1"), noLine);
  }

  @Test
  @Tag("slow")
  void aHundredSubscriptionsOnOneHostGetEverything() {
    String uri = Groups.fresh() + WAITING + "&ring=256KiB&socket-buffer=256KiB&heartbeat=20ms";
    Petrel reading = launch();
    Subscription[] subscriptions = new Subscription[100];
    for (int i = 0; i < subscriptions.length; i++) {
      subscriptions[i] = reading.subscribe(uri);
    }
    Publication publication = launch().publishExclusive(uri);
    long[] read = new long[subscriptions.length];
    int count = 200_000;
    int[] sent = {0};
    await(
        "every message at every subscription",
        () -> {
          for (int burst = 0; burst < 64; burst++) {
            message.putLong(0, sent[0]);
            if (sent[0] < count && publication.offer(message, 0, 100) > 0) {
              sent[0]++;
            }
          }
          boolean all = true;
          for (int i = 0; i < read.length; i++) {
            int which = i;
            subscriptions[i].poll(
                (buffer, offset, length, header) ->
                    assertEquals(read[which]++, buffer.getLong(offset)),
                256);
            all &= read[i] == count;
          }
          return all;
        });
  }
}
