package io.petrel.transport.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides what befalls each datagram that enters a link. Every fault draws from its own random
 * sequence, once a datagram whatever becomes of it, so that one fault more or less leaves the
 * others where they were.
 */
final class LinkFaults {
  private final SeededRandom lossRandom;
  private final SeededRandom filteredRandom;
  private final SeededRandom reorderRandom;
  private final SeededRandom duplicateRandom;
  private final SeededRandom corruptRandom;

  private double lossProbability;
  private double lossMeanBurst = 1;
  private @Nullable LossModel loss;
  private @Nullable DatagramFilter lossFilter;
  private double filteredProbability;
  private double reorderProbability;
  private long reorderExtraNs;
  private double duplicateProbability;
  private double corruptProbability;

  private boolean down;
  private long[] blackholes = {};
  private long[] ordinalsToDrop = {};
  private final List<ScriptedDrop> scriptedDrops = new ArrayList<>();

  LinkFaults(SeededRandom random) {
    lossRandom = random.fork("loss");
    filteredRandom = random.fork("filtered loss");
    reorderRandom = random.fork("reorder");
    duplicateRandom = random.fork("duplicate");
    corruptRandom = random.fork("corrupt");
  }

  private static final class ScriptedDrop {
    final DatagramFilter filter;
    int timesLeft;

    ScriptedDrop(DatagramFilter filter, int times) {
      this.filter = filter;
      timesLeft = times;
    }
  }

  void loss(double probability) {
    lossProbability = probability;
    loss = probability == 0 ? null : new LossModel(lossRandom, probability, lossMeanBurst);
  }

  void meanBurst(double datagrams) {
    lossMeanBurst = datagrams;
    loss(lossProbability);
  }

  void filteredLoss(@Nullable DatagramFilter filter, double probability) {
    lossFilter = filter;
    filteredProbability = probability;
  }

  void reorder(double probability, long extraNs) {
    reorderProbability = probability;
    reorderExtraNs = extraNs;
  }

  void duplicate(double probability) {
    duplicateProbability = probability;
  }

  void corrupt(double probability) {
    corruptProbability = probability;
  }

  void down(boolean isDown) {
    down = isDown;
  }

  void blackhole(long fromNs, long untilNs) {
    int end = blackholes.length;
    blackholes = Arrays.copyOf(blackholes, end + 2);
    blackholes[end] = fromNs;
    blackholes[end + 1] = untilNs;
  }

  void dropNth(long ordinal) {
    ordinalsToDrop = Arrays.copyOf(ordinalsToDrop, ordinalsToDrop.length + 1);
    ordinalsToDrop[ordinalsToDrop.length - 1] = ordinal;
  }

  void dropMatching(DatagramFilter filter, int times) {
    scriptedDrops.add(new ScriptedDrop(filter, times));
  }

  /** Whether nothing is lost between being sent and reaching the queue. */
  boolean isUp(long nowNs) {
    if (down) {
      return false;
    }
    for (int i = 0; i < blackholes.length; i += 2) {
      if (nowNs >= blackholes[i] && nowNs < blackholes[i + 1]) {
        return false;
      }
    }
    return true;
  }

  boolean isScriptedToDrop(SimulatedDatagram datagram, long ordinal) {
    for (long wanted : ordinalsToDrop) {
      if (wanted == ordinal) {
        return true;
      }
    }
    for (int i = 0; i < scriptedDrops.size(); i++) {
      ScriptedDrop drop = scriptedDrops.get(i);
      if (drop.timesLeft > 0 && drop.filter.matches(datagram.buffer, 0, datagram.length)) {
        drop.timesLeft--;
        return true;
      }
    }
    return false;
  }

  boolean drawLoss() {
    return loss != null && loss.next();
  }

  boolean drawFilteredLoss(SimulatedDatagram datagram) {
    return lossFilter != null
        && lossFilter.matches(datagram.buffer, 0, datagram.length)
        && filteredRandom.chance(filteredProbability);
  }

  /** The extra delay of a datagram to be overtaken; 0 for all others. */
  long drawReorder() {
    boolean held = reorderProbability > 0 && reorderRandom.chance(reorderProbability);
    return held ? reorderExtraNs : 0;
  }

  boolean drawDuplicate() {
    return duplicateProbability > 0 && duplicateRandom.chance(duplicateProbability);
  }

  boolean drawCorrupt() {
    return corruptProbability > 0 && corruptRandom.chance(corruptProbability);
  }

  /** Changes one byte, anywhere, to any other value. */
  void corrupt(SimulatedDatagram datagram) {
    int index = (int) corruptRandom.nextLong(datagram.length);
    int change = corruptRandom.between(1, 255);
    datagram.buffer.putByte(index, (byte) (datagram.buffer.getByte(index) ^ change));
  }

  /** Whether a datagram may be held back, so that times of arrival are not those of entry. */
  boolean reorders() {
    return reorderProbability > 0;
  }
}
