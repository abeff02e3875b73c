package io.petrel.transport.aeron;

import io.aeron.logbuffer.BufferClaim;
import io.petrel.transport.Claim;
import org.agrona.concurrent.ManyToManyConcurrentArrayQueue;
import org.jspecify.annotations.Nullable;

/** What a publication's open claims need of Aeron, made once. For any threads. */
final class AeronClaims {
  /** Claims open at a time; further ones find back pressure. */
  static final int LIMIT = 64;

  /** One open claim. */
  final class Place implements Claim.Completion {
    private final BufferClaim claimed = new BufferClaim();

    BufferClaim claimed() {
      return claimed;
    }

    @Override
    public void commit(long token) {
      publication.end(claimed, true, token);
      giveBack(this);
    }

    @Override
    public void abort(long token) {
      publication.end(claimed, false, token);
      giveBack(this);
    }
  }

  private final AeronPublication publication;
  private final ManyToManyConcurrentArrayQueue<Place> free =
      new ManyToManyConcurrentArrayQueue<>(LIMIT);

  AeronClaims(AeronPublication publication) {
    this.publication = publication;
    for (int i = 0; i < LIMIT; i++) {
      free.offer(new Place());
    }
  }

  @Nullable Place take() {
    return free.poll();
  }

  void giveBack(Place place) {
    free.offer(place);
  }

  boolean areAllEnded() {
    return free.size() == LIMIT;
  }
}
