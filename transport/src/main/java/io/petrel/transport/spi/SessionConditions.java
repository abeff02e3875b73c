package io.petrel.transport.spi;

import io.petrel.transport.SessionEvents;
import io.petrel.transport.SessionInfo;
import java.util.function.Consumer;

/**
 * What a transport notices of a session that goes on, handed from the engine's thread to the one
 * that polls. States, not a queue of changes: what came and went between two polls is not told, and
 * nothing grows while nobody polls.
 */
public final class SessionConditions {
  private static final int EXCLUDED = 1;
  private static final int LINE_SHIFT = 1;

  /** Lines that a session may have. */
  private static final int LINES = 30;

  private final Consumer<Throwable> onError;

  // Bits; written by the engine's thread, read by the one that polls.
  private volatile int present;

  // The polling thread's.
  private int told;

  /**
   * All is well.
   *
   * @param onError told of what events throw
   */
  public SessionConditions(Consumer<Throwable> onError) {
    this.onError = onError;
  }

  /** The sender repairs this receiver no more. Within turns only. */
  public void exclude() {
    int before = present;
    present = before | EXCLUDED;
  }

  /**
   * A line died or came back. Within turns only.
   *
   * @param line which, 0 the first
   * @param alive whether it brings anything
   */
  public void line(int line, boolean alive) {
    int bit = 1 << (LINE_SHIFT + line);
    int before = present;
    present = alive ? before & ~bit : before | bit;
  }

  /**
   * Tells what has changed since it was last told; by each poll.
   *
   * @param session that goes on
   * @param events told
   */
  public void tell(SessionInfo session, SessionEvents events) {
    int now = present;
    if (now != told) {
      tell(session, events, now);
    }
  }

  private void tell(SessionInfo session, SessionEvents events, int now) {
    int changed = now ^ told;
    told = now;
    if ((changed & EXCLUDED) != 0) {
      try {
        events.onExcluded(session);
      } catch (Throwable e) {
        onError.accept(e);
      }
    }
    for (int line = 0; line < LINES; line++) {
      int bit = 1 << (LINE_SHIFT + line);
      if ((changed & bit) != 0) {
        try {
          events.onLine(session, line, (now & bit) == 0);
        } catch (Throwable e) {
          onError.accept(e);
        }
      }
    }
  }
}
