package dev.sonde.engine.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What commands share. */
final class Commands {
  private Commands() {}

  /** A field that picocli has filled before a command is called. */
  static <T> T required(@Nullable T field) {
    return Objects.requireNonNull(field, "picocli fills this field");
  }
}
