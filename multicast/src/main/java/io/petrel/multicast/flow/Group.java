package io.petrel.multicast.flow;

import io.petrel.codecs.WireLimits;
import io.petrel.multicast.frames.Status;
import java.util.ArrayList;
import java.util.Arrays;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The receivers of a source, at most so many: how many they are, how far away, how far along, and
 * which of them the source waits for.
 *
 * <p>A dead receiver never stands in for a live one: whoever is silent is forgotten, whoever makes
 * no progress is not waited for, and when the table is full the most silent gives way.
 */
public final class Group {
  /** Nobody holds the source up. */
  public static final long NO_LIMIT = Long.MAX_VALUE;

  private static final long JUDGED_STRETCH_NS = 50_000_000L;
  private static final int TIMES_WORSE = 4;

  private final FlowMode mode;
  private final int limit;
  private final long[] named;
  private final double excludedShare;
  private final GroupListener listener;
  private final Long2ObjectHashMap<Member> byId = new Long2ObjectHashMap<>();
  private final ArrayList<Member> members = new ArrayList<>();
  private final long[] excluded = new long[WireLimits.MAXIMUM_EXCLUDED];
  private int excludedCount;
  private int untracked;
  private int untrackedLast;
  private long refused;
  private long evictions;

  /**
   * An empty group.
   *
   * @param mode whom the source waits for
   * @param limit of receivers in the table
   * @param named those waited for in {@link FlowMode#NAMED}
   * @param excludedShare of what was sent, that who misses it is excluded; 1 or more: nobody is
   * @param listener told what happens
   */
  public Group(
      FlowMode mode, int limit, long[] named, double excludedShare, GroupListener listener) {
    this.mode = mode;
    this.limit = limit;
    this.named = named.clone();
    this.excludedShare = excludedShare;
    this.listener = listener;
    Arrays.sort(this.named);
  }

  /** Receivers, those that found no place in the table included. */
  public int size() {
    return members.size() + Math.max(untracked, untrackedLast);
  }

  /** Receivers in the table. */
  public int tracked() {
    return members.size();
  }

  /** Statuses of receivers that found no place. */
  public long refused() {
    return refused;
  }

  /** How often the source stopped waiting for somebody. */
  public long evictions() {
    return evictions;
  }

  /** Who is out of the group's repair: the first {@link #excludedCount}. */
  public long[] excluded() {
    return excluded;
  }

  /** How many are. */
  public int excludedCount() {
    return excludedCount;
  }

  /** One of the {@link #tracked}. */
  public Member member(int index) {
    return members.get(index);
  }

  /** Whether a receiver is out of the group's repair. */
  public boolean isExcluded(long receiverId) {
    for (int i = 0; i < excludedCount; i++) {
      if (excluded[i] == receiverId) {
        return true;
      }
    }
    return false;
  }

  /** The longest round trip, 0 when none is known. */
  public long roundTripNs() {
    long longest = 0;
    for (int i = 0; i < members.size(); i++) {
      Member member = members.get(i);
      longest = member.excluded ? longest : Math.max(longest, member.roundTripNs);
    }
    return longest;
  }

  /** Whether all receivers that are named are there. */
  public boolean isNamedComplete() {
    for (long id : named) {
      if (!byId.containsKey(id)) {
        return false;
      }
    }
    return true;
  }

  /**
   * A receiver says how far it is.
   *
   * @param sampleNs round trip, 0 for none
   * @param sent up to where the source has sent
   * @return who it is; null when it goes or found no place
   */
  public @Nullable Member onStatus(long nowNs, Status status, long sampleNs, long sent) {
    Member member = byId.get(status.receiverId);
    if (status.leaving) {
      if (member != null) {
        remove(member, false);
      }
      return null;
    }
    if (member == null) {
      member = admit(nowNs, status.receiverId);
      if (member == null) {
        return null;
      }
    }
    member.update(nowNs, status, sent);
    if (sampleNs > 0) {
      member.sample(sampleNs);
    }
    if (member.evicted && member.contiguousPosition == sent) {
      member.evicted = false;
    }
    if (excludedShare < 1) {
      judge(nowNs, member, sent);
    }
    return member;
  }

  /**
   * Forgets who is silent, stops waiting for who makes no progress.
   *
   * @param silenceNs the longest between two statuses
   * @param patienceNs the longest that somebody may hold the source up
   * @param sent up to where the source has sent
   */
  public void sweep(long nowNs, long silenceNs, long patienceNs, long sent) {
    untrackedLast = untracked;
    untracked = 0;
    for (int i = members.size() - 1; i >= 0; i--) {
      Member member = members.get(i);
      if (nowNs - member.heardNs > silenceNs) {
        remove(member, true);
      } else if (isWaitedFor(member)
          && (member.contiguousPosition < sent || member.readPosition < sent)
          && nowNs - member.advancedNs > patienceNs) {
        member.evicted = true;
        evictions++;
        listener.onEvicted(member.id, member.contiguousPosition);
      }
    }
  }

  /** How far the source may send for those it waits for. */
  public long sendLimit() {
    long lowest = NO_LIMIT;
    for (int i = 0; i < members.size(); i++) {
      Member member = members.get(i);
      lowest = isWaitedFor(member) ? Math.min(lowest, member.windowEnd) : lowest;
    }
    return lowest;
  }

  /** Below it all that the source waits for have everything. */
  public long receivedPosition() {
    long lowest = NO_LIMIT;
    for (int i = 0; i < members.size(); i++) {
      Member member = members.get(i);
      lowest = isWaitedFor(member) ? Math.min(lowest, member.contiguousPosition) : lowest;
    }
    return lowest;
  }

  /** Below it all that the source waits for have read everything. */
  public long readPosition() {
    long lowest = NO_LIMIT;
    for (int i = 0; i < members.size(); i++) {
      Member member = members.get(i);
      lowest = isWaitedFor(member) ? Math.min(lowest, member.readPosition) : lowest;
    }
    return lowest;
  }

  private boolean isWaitedFor(Member member) {
    return mode != FlowMode.FASTEST
        && (mode == FlowMode.SLOWEST || member.named)
        && !member.evicted
        && !member.excluded;
  }

  private @Nullable Member admit(long nowNs, long id) {
    boolean isNamed = Arrays.binarySearch(named, id) >= 0;
    if (members.size() == limit) {
      Member most = isNamed ? mostSilent() : null;
      if (most == null) {
        untracked++;
        refused++;
        return null;
      }
      remove(most, true);
    }
    Member member = new Member(id, isNamed, nowNs);
    byId.put(id, member);
    members.add(member);
    listener.onJoined(id);
    return member;
  }

  private @Nullable Member mostSilent() {
    Member most = null;
    for (Member member : members) {
      if (!member.named && (most == null || member.heardNs - most.heardNs < 0)) {
        most = member;
      }
    }
    return most;
  }

  private void remove(Member member, boolean silent) {
    byId.remove(member.id);
    members.remove(member);
    listener.onLeft(member.id, silent);
  }

  /** Far more than the others and more than is bearable, in two stretches one after the other. */
  private void judge(long nowNs, Member member, long sent) {
    if (member.excluded || !member.judge(nowNs, sent, JUDGED_STRETCH_NS, 1 << 16)) {
      return;
    }
    double others = 0;
    int count = 0;
    for (int i = 0; i < members.size(); i++) {
      Member other = members.get(i);
      if (other != member && !other.excluded) {
        others += other.missedShare;
        count++;
      }
    }
    boolean bad =
        count > 0
            && member.missedShare > excludedShare
            && member.missedShare > TIMES_WORSE * others / count;
    if (member.strike(bad) && excludedCount < excluded.length) {
      member.excluded = true;
      excluded[excludedCount++] = member.id;
      listener.onExcluded(member.id, member.missedShare);
    }
  }
}
