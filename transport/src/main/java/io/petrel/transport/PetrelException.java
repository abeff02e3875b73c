package io.petrel.transport;

import org.jspecify.annotations.Nullable;

/** What the machine refused on the control path: a port in use, an address it does not have. */
public class PetrelException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * With nothing behind it.
   *
   * @param message what, which value, and what to do
   */
  public PetrelException(String message) {
    super(message);
  }

  /**
   * With a cause.
   *
   * @param message what, which value, and what to do
   * @param cause what the machine said
   */
  public PetrelException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
