package dev.sonde.api.probe;

import dev.sonde.api.ApiStatus;
import dev.sonde.api.Extension;
import dev.sonde.api.model.HookPoint;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A format of direction files, such as a GGUF control vector. Its short name is also the ending of
 * its files' names, without the dot.
 */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.1")
public interface VectorFormat extends Extension {
  /** Whether a file of that name is in this format. */
  boolean reads(Path file);

  /** Whether a file can hold a vector of that point. */
  default boolean holds(HookPoint point) {
    return true;
  }

  /**
   * Reads a file.
   *
   * @throws dev.sonde.api.InvalidInputException naming file and offset if it is malformed
   */
  Directions read(Path file);

  /**
   * Writes a file in the place of one that may be there.
   *
   * @throws dev.sonde.api.InvalidInputException if it cannot be written
   * @throws dev.sonde.api.UnsupportedCapabilityException if the format is only read, or does not
   *     hold one of the points
   */
  void write(Path file, Directions directions);

  /** Directions in the residual stream. */
  final class Directions {
    private final Map<HookPoint, float[]> vectors;
    private final Map<String, String> metadata;

    private Directions(Map<HookPoint, float[]> vectors, Map<String, String> metadata) {
      this.vectors = Collections.unmodifiableMap(new LinkedHashMap<>(vectors));
      this.metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    /**
     * Directions with their maps copied, in order.
     *
     * @param vectors one {@code [d_model]} vector per hook point
     * @param metadata what the file says of them
     */
    public static Directions of(Map<HookPoint, float[]> vectors, Map<String, String> metadata) {
      return new Directions(vectors, metadata);
    }

    /** One {@code [d_model]} vector per hook point. */
    public Map<HookPoint, float[]> vectors() {
      return vectors;
    }

    /** What the file says of them. */
    public Map<String, String> metadata() {
      return metadata;
    }
  }
}
