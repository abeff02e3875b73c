package io.petrel.transport;

/** A wrong URI, option or value: says which, and what would be right. */
public final class ConfigurationException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /**
   * Refuses.
   *
   * @param message which option, which value, what would be right
   */
  public ConfigurationException(String message) {
    super(message);
  }
}
