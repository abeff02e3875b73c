package io.petrel.transport.journal;

import io.petrel.transport.PetrelException;
import org.jspecify.annotations.Nullable;

/** A journal that cannot be opened or read: absent, damaged, of another version, in use. */
public final class JournalException extends PetrelException {
  private static final long serialVersionUID = 1L;

  /**
   * Refuses.
   *
   * @param message which file, what is wrong with it, and what to do
   */
  public JournalException(String message) {
    super(message);
  }

  /**
   * Refuses for a reason that somebody else gave.
   *
   * @param message which file, what is wrong with it, and what to do
   * @param cause the reason
   */
  public JournalException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
