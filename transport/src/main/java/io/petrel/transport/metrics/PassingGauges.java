package io.petrel.transport.metrics;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gauges of things that come and go, such as sessions: a row of gauges for each, as many things as
 * there are places. Those beyond are not shown.
 *
 * <p>For one thread, a few times a second: {@link #begin}, {@link #show} for each thing there is,
 * {@link #end}. Allocates only for what was not there before.
 *
 * @param <T> the things, told apart by identity
 */
public abstract class PassingGauges<T> {
  private final Counters file;
  private final int firstType;
  private final List<String> labels;
  private final @Nullable Object[] things;
  private final Counter[][] gauges;
  private final boolean[] seen;

  /**
   * Nothing shown yet.
   *
   * @param file where they are shown
   * @param places how many things at once
   * @param firstType type of the first gauge; the others follow
   * @param labels of the gauges of a thing, behind its name
   */
  protected PassingGauges(Counters file, int places, int firstType, List<String> labels) {
    this.file = file;
    this.firstType = firstType;
    this.labels = labels;
    things = new @Nullable Object[places];
    gauges = new Counter[places][0];
    seen = new boolean[places];
  }

  /** What the labels of its gauges begin with. */
  protected abstract String name(T thing);

  /** What tells it apart from others of that name. */
  protected abstract long key(T thing);

  /** One of its gauges now. */
  protected abstract long value(T thing, int gauge);

  /** Those that {@link #show} does not name before {@link #end} are gone. */
  public final void begin() {
    for (int i = 0; i < seen.length; i++) {
      seen[i] = false;
    }
  }

  /** It is there still, or new. */
  public final void show(T thing) {
    int place = placeOf(thing);
    if (place < 0) {
      place = placeOf(null);
      if (place < 0) {
        return;
      }
      things[place] = thing;
      gauges[place] = open(name(thing) + " ", key(thing));
    }
    seen[place] = true;
    Counter[] row = gauges[place];
    for (int i = 0; i < row.length; i++) {
      row[i].set(value(thing, i));
    }
  }

  /** Takes away what is gone. */
  public final void end() {
    for (int i = 0; i < seen.length; i++) {
      if (!seen[i] && things[i] != null) {
        things[i] = null;
        for (Counter gauge : gauges[i]) {
          gauge.close();
        }
      }
    }
  }

  @SuppressWarnings("ReferenceEquality") // two things may be equal and come and go each alone
  private int placeOf(@Nullable Object thing) {
    for (int i = 0; i < things.length; i++) {
      if (things[i] == thing) {
        return i;
      }
    }
    return -1;
  }

  private Counter[] open(String prefix, long key) {
    Counter[] opened = new Counter[labels.size()];
    for (int i = 0; i < opened.length; i++) {
      opened[i] = file.addGauge(prefix + labels.get(i), firstType + i, key);
    }
    return opened;
  }
}
