package dev.sonde.formats;

import java.io.Serial;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file is missing, truncated, malformed or not supported. The message begins with the file. */
public final class FormatException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  /** An error about a file. */
  public FormatException(Path file, String problem) {
    this(file, problem, null);
  }

  /** An error about a file, with its cause. */
  public FormatException(Path file, String problem, @Nullable Throwable cause) {
    super(file + ": " + problem, cause);
  }
}
