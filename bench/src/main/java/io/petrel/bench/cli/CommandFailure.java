package io.petrel.bench.cli;

/**
 * The work could not be done, for a reason the user can act on: its message is printed on one line
 * without a stack trace, and the command exits with status 1.
 */
public final class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * A failure with its explanation.
   *
   * @param message what went wrong, with which value, and what to do
   */
  public CommandFailure(String message) {
    super(message);
  }

  /**
   * A failure with its explanation and what led to it.
   *
   * @param message what went wrong, with which value, and what to do
   * @param cause what led to it
   */
  public CommandFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
