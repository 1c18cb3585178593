package dev.sonde.engine.host;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** What is said of a file that cannot be written: a full disk has another remedy than a lock. */
public final class Unwritable {
  private Unwritable() {}

  /**
   * The message.
   *
   * @param other what else can be named, such as {@code another folder with --out}
   */
  public static String message(Path file, IOException problem, String other) {
    boolean forbidden =
        problem instanceof AccessDeniedException
            || (problem instanceof FileSystemException refused
                && String.valueOf(refused.getReason()).contains("Read-only"));
    return "%s: cannot be written: %s; %s, or name %s"
        .formatted(
            file,
            forbidden ? "you may not write there" : reason(problem),
            forbidden ? "change its permissions" : "free space",
            other);
  }

  private static String reason(IOException problem) {
    String message = problem.getMessage();
    return message == null ? problem.getClass().getSimpleName() : message;
  }
}
