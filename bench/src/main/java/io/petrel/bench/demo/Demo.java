package io.petrel.bench.demo;

import io.petrel.bench.cli.CommandFailure;
import io.petrel.bench.demo.DemoResult.Repair;
import io.petrel.bench.demo.DemoResult.Track;
import io.petrel.bench.loss.DatagramLoss;
import io.petrel.bench.report.Legible;
import io.petrel.transport.PetrelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Plays the demo:
 *
 * <pre>
 *   publisher ====== mcast ======> subscriber 1
 *    |                \\=========> subscriber 2 ...
 *    journal -- rudp, then mcast -> late subscriber
 *
 *   trader  -- orders, rudp --->   venue
 *           <-- reports, rudp --
 * </pre>
 */
final class Demo {
  private static final long LOOK_MS = 10;

  /** Looks without any progress before it is given up; not time, which also passes while frozen. */
  private static final int PATIENCE_LOOKS = 1_500;

  /** Engines write their sums to the metrics file ten times a second. */
  private static final long SETTLE_MS = 300;

  private static final long LEAD_NS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final int FIRST_PORT = 20_000;
  private static final int PORTS = 10_000;

  private final DemoPlan plan;
  private final Consumer<String> story;
  private final String group;
  private final Publisher publisher;
  private final List<Subscriber> subscribers = new ArrayList<>();
  private final Subscriber late;
  private final DemoDirectory journal = DemoDirectory.make();
  private final Venue venue;
  private final List<Role> roles = new ArrayList<>();
  private final List<RoleThread> threads = new ArrayList<>();
  private long missedWhenLate;
  private final DatagramLoss marketLoss = new DatagramLoss(0, 1);
  private final List<DatagramLoss> askLosses = new ArrayList<>();
  private final List<DatagramLoss> orderLosses = new ArrayList<>();

  /**
   * Nothing runs yet.
   *
   * @param plan what to play
   * @param story takes a line for each act
   */
  Demo(DemoPlan plan, Consumer<String> story) {
    this.plan = plan;
    this.story = story;
    ThreadLocalRandom random = ThreadLocalRandom.current();
    group =
        "239.78."
            + random.nextInt(1 << Byte.SIZE)
            + "."
            + random.nextInt(1, 1 << Byte.SIZE)
            + ":"
            + (FIRST_PORT + 2 * random.nextInt(PORTS)); // and the port above it
    // Nobody is given up: on a busy machine a reader may wait for a core for long.
    String uri =
        "mcast://"
            + group
            + "?interface="
            + plan.networkInterface()
            + "&fc=slowest&patience=1m&exclude=100%&idle-timeout=2m";
    String recorded = uri + "&record-required=true&record=" + journal.path();
    publisher = new Publisher(recorded, plan.changesPerSecond());
    late = Subscriber.late(uri, plan.changesPerSecond());
    for (int i = 1; i <= plan.subscribers(); i++) {
      subscribers.add(new Subscriber(i, uri, plan.changesPerSecond()));
    }
    venue = new Venue("rudp://127.0.0.1:0?idle-timeout=2m", plan.ordersPerSecond());
  }

  /**
   * Plays it.
   *
   * @return what was measured
   * @throws CommandFailure when a message was lost, repeated, reordered or damaged, or nothing came
   */
  DemoResult run() {
    try {
      openMarket();
      Trader trader = openTrading();
      connect();
      play();
      RepairCounts counts = RepairCounts.read(roles.stream().map(Role::name).toList());
      close();
      DemoResult.LateJoin join = new DemoResult.LateJoin(missedWhenLate, late.done(), late.due());
      return new DemoResult(plan, tracks(trader), repair(counts), join);
    } finally {
      close();
    }
  }

  private void openMarket() {
    try {
      for (int i = 0; i < subscribers.size(); i++) {
        DatagramLoss loss = new DatagramLoss(0, 2 + i);
        askLosses.add(loss);
        start(subscribers.get(i), loss);
      }
      start(publisher, marketLoss);
    } catch (CompletionException e) {
      throw new CommandFailure(Multicast.whyNot(plan.networkInterface(), e.getCause()), e);
    }
  }

  private Trader openTrading() {
    DatagramLoss venueLoss = new DatagramLoss(0, 100);
    DatagramLoss traderLoss = new DatagramLoss(0, 101);
    orderLosses.add(venueLoss);
    orderLosses.add(traderLoss);
    try {
      start(venue, venueLoss);
      Trader trader =
          new Trader(
              "rudp://127.0.0.1:" + venue.port() + "?idle-timeout=2m", plan.ordersPerSecond());
      start(trader, traderLoss);
      return trader;
    } catch (CompletionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof PetrelException) {
        throw new CommandFailure(String.valueOf(cause.getMessage()), e);
      }
      throw e;
    }
  }

  private void start(Role role, DatagramLoss loss) {
    threads.add(RoleThread.start(role, loss));
    roles.add(role);
  }

  private void connect() {
    story.accept(
        "mcast://%s on %s: 1 publisher, %d subscribers; rudp://127.0.0.1:%d: 1 trader, 1 venue"
            .formatted(group, plan.networkInterface(), plan.subscribers(), venue.port()));
    if (!await(Role::isConnected)) {
      String missing =
          String.join(
              ", ", roles.stream().filter(role -> !role.isConnected()).map(Role::name).toList());
      boolean market = !subscribers.stream().allMatch(Role::isConnected);
      throw new CommandFailure(
          market
              ? Multicast.notHeard(plan.networkInterface(), missing)
              : missing + ": no connection over rudp on 127.0.0.1; is the loopback up?");
    }
  }

  private void play() {
    Timeline timeline = new Timeline(DemoClock.nowNs() + LEAD_NS, plan.warmUpNs(), plan.phaseNs());
    threads.forEach(thread -> thread.begin(timeline, plan.loss()));
    story.accept("warm-up, %s: checked, not measured".formatted(seconds(plan.warmUpNs())));
    sleepUntil(timeline.startNs() + plan.warmUpNs());
    story.accept("clean network, %s".formatted(seconds(plan.phaseNs())));
    sleepUntil(timeline.startNs() + plan.warmUpNs() + plan.phaseNs() / 2);
    joinLate(timeline);
    sleepUntil(timeline.lossFromNs());
    story.accept(
        "lossy network, %s: every end drops %s of the datagrams it sends"
            .formatted(seconds(plan.phaseNs()), Legible.share(plan.loss())));
    awaitAll();
    threads.forEach(RoleThread::endLoss);
    sleep(SETTLE_MS);
    complain();
  }

  private void joinLate(Timeline timeline) {
    DatagramLoss loss = new DatagramLoss(0, 200);
    askLosses.add(loss);
    missedWhenLate = publisher.done();
    start(late, loss);
    threads.getLast().begin(timeline, plan.loss());
    story.accept(
        "a late subscriber joins: %s messages to get from the journal"
            .formatted(Legible.count(missedWhenLate)));
  }

  private static String seconds(long ns) {
    return Legible.duration(ns);
  }

  private void awaitAll() {
    await(role -> role.done() >= role.due());
    for (Role role : roles) {
      if (role.flaw().isEmpty() && role.done() < role.due()) {
        role.flaw("only %d of %d messages came".formatted(role.done(), role.due()));
      }
    }
  }

  /** Waits as long as anything moves; returns whether it is so for all in the end. */
  private boolean await(Predicate<Role> reached) {
    long before = -1;
    int looks = 0;
    while (!roles.stream().allMatch(reached) && !isFlawed() && looks < PATIENCE_LOOKS) {
      long now = roles.stream().mapToLong(role -> role.done() + (role.isConnected() ? 1 : 0)).sum();
      looks = now == before ? looks + 1 : 0;
      before = now;
      sleep(LOOK_MS);
    }
    return roles.stream().allMatch(reached);
  }

  private boolean isFlawed() {
    return roles.stream().anyMatch(role -> !role.flaw().isEmpty())
        || threads.stream().anyMatch(thread -> thread.failure() != null);
  }

  private void complain() {
    for (RoleThread thread : threads) {
      Throwable failure = thread.failure();
      if (failure != null) {
        throw new CommandFailure("a thread failed: " + failure, failure);
      }
    }
    List<String> flaws =
        roles.stream()
            .filter(role -> !role.flaw().isEmpty())
            .map(role -> role.name() + ": " + role.flaw())
            .toList();
    if (!flaws.isEmpty()) {
      throw new CommandFailure("messages are missing or wrong: " + String.join("; ", flaws));
    }
  }

  private List<Track> tracks(Trader trader) {
    List<Track> tracks = new ArrayList<>();
    for (int i = 0; i < subscribers.size(); i++) {
      Subscriber subscriber = subscribers.get(i);
      tracks.add(
          new Track(
              DemoResult.MARKET_DATA,
              "subscriber " + (i + 1),
              subscriber.latencies(),
              subscriber.done(),
              subscriber.due()));
    }
    tracks.add(new Track(DemoResult.ORDER, "", venue.latencies(), venue.done(), venue.due()));
    tracks.add(
        new Track(DemoResult.EXECUTION, "", trader.latencies(), trader.done(), trader.due()));
    return tracks;
  }

  private Repair repair(RepairCounts counts) {
    return new Repair(
        marketLoss.drops(),
        askLosses.stream().mapToLong(DatagramLoss::drops).sum(),
        orderLosses.stream().mapToLong(DatagramLoss::drops).sum(),
        counts.total("mcast bytes missed at first"),
        counts.total("mcast bytes repaired"),
        counts.total("mcast NAKs sent"),
        counts.total("rudp datagrams sent again"));
  }

  private static void sleepUntil(long ns) {
    for (long left = ns - DemoClock.nowNs(); left > 0; left = ns - DemoClock.nowNs()) {
      sleep(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
    }
  }

  private static void sleep(long ms) {
    try {
      Thread.sleep(ms);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted", e);
    }
  }

  /**
   * The subscribers last: until they have said so, the publisher cannot know that they have all.
   */
  private void close() {
    for (RoleThread thread : threads.reversed()) {
      thread.close();
    }
    journal.close();
  }
}
