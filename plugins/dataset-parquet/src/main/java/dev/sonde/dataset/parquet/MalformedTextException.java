package dev.sonde.dataset.parquet;

import java.io.Serial;

/** A column that is said to hold texts holds bytes that are no UTF-8. */
final class MalformedTextException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  MalformedTextException(Throwable cause) {
    super(cause);
  }
}
