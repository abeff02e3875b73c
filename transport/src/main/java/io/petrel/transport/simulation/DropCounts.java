package io.petrel.transport.simulation;

import java.util.EnumMap;
import java.util.Map;
import org.agrona.collections.MutableLong;

/** How many datagrams were dropped, for each cause. */
final class DropCounts {
  private final Map<DropCause, MutableLong> counts = new EnumMap<>(DropCause.class);

  DropCounts() {
    for (DropCause cause : DropCause.values()) {
      counts.put(cause, new MutableLong());
    }
  }

  void count(DropCause cause) {
    counter(cause).increment();
  }

  long of(DropCause cause) {
    return counter(cause).get();
  }

  long all() {
    long sum = 0;
    for (MutableLong count : counts.values()) {
      sum += count.get();
    }
    return sum;
  }

  long injected() {
    long sum = 0;
    for (Map.Entry<DropCause, MutableLong> entry : counts.entrySet()) {
      sum += entry.getKey().isInjected() ? entry.getValue().get() : 0;
    }
    return sum;
  }

  private MutableLong counter(DropCause cause) {
    MutableLong counter = counts.get(cause);
    if (counter == null) {
      throw new AssertionError("every cause has its counter; " + cause + " has none");
    }
    return counter;
  }
}
