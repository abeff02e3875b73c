package io.petrel.transport;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A place in the ring to encode a message into: reusable, for one thread. Each successful {@link
 * Publication#tryClaim} must be followed by {@link #commit()} or {@link #abort()}, soon: what other
 * threads publish behind it waits for it.
 */
public final class Claim {
  /** For transports: what a claim ends with. */
  public interface Completion {
    /**
     * Makes the message readable.
     *
     * @param token of the claim
     */
    void commit(long token);

    /**
     * Makes the place one that readers skip.
     *
     * @param token of the claim
     */
    void abort(long token);
  }

  private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
  private @Nullable Completion completion;
  private long token;

  /** An empty claim, to give to {@code tryClaim}. */
  public Claim() {}

  /**
   * Where to encode: the message is all of this buffer, from 0 to {@link #length()}.
   *
   * @return not to be touched after commit or abort
   */
  public MutableDirectBuffer buffer() {
    return view;
  }

  /**
   * The length asked for.
   *
   * @return in bytes
   */
  public int length() {
    return view.capacity();
  }

  /**
   * Publishes the message.
   *
   * @throws IllegalStateException when nothing is claimed
   */
  public void commit() {
    release().commit(token);
  }

  /**
   * Takes the claim back; readers see nothing of it.
   *
   * @throws IllegalStateException when nothing is claimed
   */
  public void abort() {
    release().abort(token);
  }

  /**
   * For transports: gives the claim its place.
   *
   * @param owner told of commit or abort
   * @param claimToken given back to the owner
   * @param buffer of the ring
   * @param offset of the payload
   * @param length of the payload
   */
  public void wrap(Completion owner, long claimToken, DirectBuffer buffer, int offset, int length) {
    view.wrap(buffer, offset, length);
    completion = owner;
    token = claimToken;
  }

  private Completion release() {
    Completion owner = completion;
    if (owner == null) {
      throw new IllegalStateException(
          "nothing is claimed: tryClaim first, then commit or abort once");
    }
    completion = null;
    return owner;
  }
}
