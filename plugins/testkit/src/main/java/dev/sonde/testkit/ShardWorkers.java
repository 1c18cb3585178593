package dev.sonde.testkit;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.probe.Artifact;
import dev.sonde.api.probe.Probe;
import dev.sonde.api.probe.ShardContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.Supplier;

/**
 * Who computes the shards that a probe asks for: the running probe itself, in their order; or
 * several workers, each with a probe of its own that never ran, of which each is dealt every so
 * manieth shard and does the last of them first. Inputs and results are copied, as if they came
 * from another process.
 */
final class ShardWorkers {
  private final Supplier<Probe> maker;
  private final int workers;

  /**
   * Workers.
   *
   * @param maker makes the probe again, or gives the running one where nobody else computes
   * @param workers how many; 0 for the running probe
   */
  ShardWorkers(Supplier<Probe> maker, int workers) {
    this.maker = maker;
    this.workers = workers;
  }

  /** The results in the order of the inputs. */
  SequencedMap<String, Artifact> compute(
      String stage, SequencedMap<String, Artifact> inputs, ShardContext context, Runnable before) {
    List<String> names = List.copyOf(inputs.keySet());
    Map<String, Artifact> results = new LinkedHashMap<>();
    for (List<String> own : dealt(names)) {
      Probe probe = maker.get();
      for (String name : own) {
        before.run();
        Artifact input = copied(Objects.requireNonNull(inputs.get(name)));
        results.put(name, copied(probe.shard(stage, input, context)));
      }
      if (workers > 0) {
        probe.close();
      }
    }
    SequencedMap<String, Artifact> ordered = new LinkedHashMap<>();
    names.forEach(name -> ordered.put(name, Objects.requireNonNull(results.get(name))));
    return ordered;
  }

  /** The shards of each probe, in the order of the work. */
  private List<List<String>> dealt(List<String> names) {
    if (workers == 0) {
      return List.of(names);
    }
    List<List<String>> dealt = new ArrayList<>();
    for (int worker = workers - 1; worker >= 0; worker--) {
      List<String> own = new ArrayList<>();
      for (int i = worker; i < names.size(); i += workers) {
        own.addFirst(names.get(i));
      }
      dealt.add(own);
    }
    return dealt;
  }

  /** A copy that shares no memory with the artifact. */
  static Artifact copied(Artifact artifact) {
    Artifact copy = Artifact.empty();
    for (Map.Entry<String, Matrix> tensor : artifact.tensors().entrySet()) {
      copy = copy.with(tensor.getKey(), copied(tensor.getValue()));
    }
    for (Map.Entry<String, long[]> integers : artifact.integers().entrySet()) {
      copy = copy.with(integers.getKey(), integers.getValue());
    }
    for (Map.Entry<String, String> text : artifact.texts().entrySet()) {
      copy = copy.with(text.getKey(), text.getValue());
    }
    return copy;
  }

  private static Matrix copied(Matrix tensor) {
    Matrix copy = Matrix.zeros(tensor.type(), tensor.rows(), tensor.columns());
    copy.segment().copyFrom(tensor.segment());
    return copy;
  }
}
