package io.petrel.transport.metrics;

/**
 * A metrics file cannot be created or read. The message names the file, says why, and what to do
 * about it.
 */
public final class MetricsFileException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MetricsFileException(String message) {
    super(message);
  }

  MetricsFileException(String message, Throwable cause) {
    super(message, cause);
  }
}
