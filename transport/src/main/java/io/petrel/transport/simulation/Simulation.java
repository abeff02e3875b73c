package io.petrel.transport.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Drives endpoints on a simulated network: straight from one event or deadline to the next, in an
 * order that depends on nothing but what was put in.
 *
 * <p>At each point of time the network comes first, in the order things were sent; then the
 * endpoints it woke and those whose deadline is reached, in the order they were woken. What they
 * send without delay arrives at the same time, and it goes round again.
 */
public final class Simulation {
  /** Calls at one point of time after which an endpoint is said to run in circles. */
  static final int CALLS_LIMIT = 100_000;

  private final SimulatedNetwork network;
  private final DeadlineQueue deadlines = new DeadlineQueue();

  /** Endpoints to be called; each stands in it once at most, so it never needs more than all. */
  private final ArrayDeque<Seat> ready = new ArrayDeque<>();

  private final List<Seat> seats = new ArrayList<>();
  private long turns;

  /** An endpoint's place in the simulation. */
  static final class Seat {
    private final int index;
    private final SimulatedHost host;
    private final SimulatedEndpoint endpoint;
    private boolean ready;
    private long calledAtNs = -1;
    private int callsAtThatTime;

    Seat(int index, SimulatedHost host, SimulatedEndpoint endpoint) {
      this.index = index;
      this.host = host;
      this.endpoint = endpoint;
    }
  }

  /** Why a run ended. */
  public enum Outcome {
    /** The condition is met. */
    DONE,
    /** Nothing is on its way and nobody waits for a point of time: nothing will ever happen. */
    QUIET,
    /** The time limit is reached. */
    LIMIT
  }

  /**
   * A simulation without endpoints.
   *
   * @param network may have other hosts, which nobody drives
   */
  public Simulation(SimulatedNetwork network) {
    this.network = network;
  }

  /**
   * Adds an endpoint; it is called for the first time when the simulation next runs.
   *
   * @param host whose datagrams wake it and whose clock it sees; may have several endpoints
   */
  public void add(SimulatedHost host, SimulatedEndpoint endpoint) {
    Seat seat = new Seat(seats.size(), host, endpoint);
    seats.add(seat);
    deadlines.add();
    host.seat(this, seat);
    makeReady(seat);
  }

  /** Calls an endpoint in this turn, which it did not know to ask for: its user gave it work. */
  public void wake(SimulatedEndpoint endpoint) {
    for (Seat seat : seats) {
      if (seat.endpoint.equals(endpoint)) {
        makeReady(seat);
      }
    }
  }

  void makeReady(Seat seat) {
    if (!seat.ready) {
      seat.ready = true;
      ready.add(seat);
    }
  }

  /**
   * Runs to a point of time.
   *
   * @param limitNs virtual time; whatever is due then still happens
   * @return {@code QUIET} or {@code LIMIT}
   */
  public Outcome runUntil(long limitNs) {
    return runUntil(() -> false, limitNs);
  }

  /**
   * Runs until a condition is met.
   *
   * @param done asked each time the endpoints have come to rest
   * @param limitNs virtual time; whatever is due then still happens
   */
  public Outcome runUntil(BooleanSupplier done, long limitNs) {
    while (true) {
      callReady();
      if (done.getAsBoolean()) {
        return Outcome.DONE;
      }
      long nextNs = Math.min(network.nextEventNs(), deadlines.earliestNs());
      if (nextNs == DeadlineQueue.NONE) {
        return Outcome.QUIET;
      }
      if (nextNs > limitNs) {
        network.advanceTo(Math.max(limitNs, network.clock().nowNs()));
        return Outcome.LIMIT;
      }
      network.advanceTo(nextNs);
      turns++;
      while (deadlines.earliestNs() <= nextNs) {
        int index = deadlines.earliest();
        deadlines.set(index, DeadlineQueue.NONE);
        makeReady(seats.get(index));
      }
    }
  }

  /** Points of time at which something happened, so far. */
  public long turns() {
    return turns;
  }

  private void callReady() {
    for (Seat seat = ready.poll(); seat != null; seat = ready.poll()) {
      seat.ready = false;
      call(seat);
    }
  }

  private void call(Seat seat) {
    long nowNs = network.clock().nowNs();
    if (seat.calledAtNs != nowNs) {
      seat.calledAtNs = nowNs;
      seat.callsAtThatTime = 0;
    }
    while (seat.endpoint.work(seat.host.nowNs()) != 0) {
      countCall(seat, nowNs);
    }
    countCall(seat, nowNs);
    long deadlineNs = seat.endpoint.nextDeadlineNs();
    if (deadlineNs == SimulatedEndpoint.NO_DEADLINE) {
      deadlines.set(seat.index, DeadlineQueue.NONE);
    } else {
      // By subtraction, as the host's clock may have wrapped.
      long inNs = Math.max(0, deadlineNs - seat.host.nowNs());
      deadlines.set(seat.index, nowNs + inNs);
    }
  }

  private static void countCall(Seat seat, long nowNs) {
    if (++seat.callsAtThatTime > CALLS_LIMIT) {
      throw new IllegalStateException(
          seat.endpoint
              + " on "
              + seat.host
              + " runs in circles: called "
              + CALLS_LIMIT
              + " times at "
              + nowNs
              + " ns, its deadline "
              + (seat.endpoint.nextDeadlineNs() - seat.host.nowNs())
              + " ns away");
    }
  }
}
