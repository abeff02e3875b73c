package io.petrel.bench.demo;

import io.petrel.transport.Petrel;
import org.jspecify.annotations.Nullable;

/**
 * Somebody on the demo's stage: opened, worked and closed by one thread, asked how it goes by
 * another.
 */
abstract class Role {
  private final String name;
  private final long perSecond;

  // Written by the thread that asks, once.
  private volatile @Nullable Timeline timeline;

  // Written by the thread that works.
  private volatile long done;
  private volatile boolean connected;
  private volatile String flaw = "";

  Role(String name, long perSecond) {
    this.name = name;
    this.perSecond = perSecond;
  }

  /** Opens what it publishes and subscribes. */
  abstract void open(Petrel petrel);

  /** Does what is to be done now; returns how much that was. */
  abstract int work();

  /** What it is called, in the engine's metrics file too. */
  final String name() {
    return name;
  }

  /** The time begins. */
  final void begin(Timeline times) {
    timeline = times;
  }

  /** Null before it began. */
  final @Nullable Timeline timeline() {
    return timeline;
  }

  /** How far it has to come; 0 before it began. */
  final long due() {
    Timeline times = timeline;
    return times == null ? 0 : times.messages(perSecond);
  }

  /** When one of its messages is due, the first being number 1. */
  final long dueNs(Timeline times, long number) {
    return times.dueNs(number, perSecond);
  }

  /** How far it has come. */
  final long done() {
    return done;
  }

  final void done(long messages) {
    done = messages;
  }

  /** Whether it hears and is heard. */
  final boolean isConnected() {
    return connected;
  }

  final void connected(boolean now) {
    connected = now;
  }

  /** What has gone wrong for good; empty if nothing. */
  final String flaw() {
    return flaw;
  }

  /** The first thing that went wrong is the one to tell. */
  final void flaw(String what) {
    if (flaw.isEmpty()) {
      flaw = what;
    }
  }

  /** Its session is over: all right if all had come. */
  final void ended(long last, String how) {
    if (timeline == null || last < due()) {
      flaw("its session ended after message " + last + ": " + how);
    }
  }
}
