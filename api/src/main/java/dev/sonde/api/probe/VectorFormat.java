package dev.sonde.api.probe;

import dev.sonde.api.Extension;
import dev.sonde.api.model.HookPoint;
import java.nio.file.Path;
import java.util.Map;

/** A format of direction files, such as a GGUF control vector. */
public interface VectorFormat extends Extension {
  /** Whether a file of that name is in this format. */
  boolean reads(Path file);

  /**
   * Reads a file.
   *
   * @throws dev.sonde.api.InvalidInputException naming file and offset if it is malformed
   */
  Directions read(Path file);

  /** Writes a file. */
  void write(Path file, Directions directions);

  /**
   * Directions in the residual stream.
   *
   * @param vectors one {@code [d_model]} vector per hook point
   * @param metadata what the file says of them
   */
  record Directions(Map<HookPoint, float[]> vectors, Map<String, String> metadata) {}
}
