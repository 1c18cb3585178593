package dev.sonde.engine.plan;

import dev.sonde.api.model.ModelInfo;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a run wants of the machine.
 *
 * @param models those that are run
 * @param memory per probe
 * @param store the store's folder
 * @param storeBytes by how much it grows
 * @param out where results go
 * @param outBytes their size
 */
public record ResourceDemand(
    List<ModelInfo> models,
    List<Memory> memory,
    Path store,
    long storeBytes,
    Path out,
    long outBytes) {
  /** A demand with its lists copied. */
  public ResourceDemand {
    models = List.copyOf(models);
    memory = List.copyOf(memory);
  }

  /** What two passes of one run want together. */
  ResourceDemand plus(ResourceDemand other) {
    return new ResourceDemand(
        joined(models, other.models),
        joined(memory, other.memory),
        store,
        storeBytes + other.storeBytes,
        out,
        outBytes + other.outBytes);
  }

  private static <T> List<T> joined(List<T> some, List<T> more) {
    return Stream.concat(some.stream(), more.stream()).distinct().toList();
  }
}
