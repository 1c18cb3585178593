package dev.sonde.testkit;

import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.data.Study;
import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.Evaluation;
import dev.sonde.api.evaluate.EvaluationSpec;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.probe.Artifact;
import dev.sonde.api.probe.CaptureRequest;
import dev.sonde.api.probe.Model;
import dev.sonde.api.probe.Probe;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.report.Report;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * What a probe works on whose shards are computed by several workers: each has a probe of its own
 * that never ran, is dealt every so manieth shard and does the last of them first. Inputs and
 * results are copied, as if they came from another process. Whatever the number of workers, {@link
 * #lines} should be the same.
 */
public final class WorkersContext implements ProbeContext {
  /** Enough for intervals that differ where anything does. */
  private static final int DRAWS = 50;

  private final Model model;
  private final Optional<Model> control;
  private final Study study;
  private final Supplier<Probe> maker;
  private final int workers;
  private final RecordedReport report = new RecordedReport();
  private final Map<String, Artifact> stages = new LinkedHashMap<>();
  private final Map<String, String> saved = new TreeMap<>();
  private final List<String> computed = new ArrayList<>();

  /**
   * A context.
   *
   * @param control the model with fresh weights, empty where there is none
   * @param maker makes the probe again
   * @param workers how many compute shards, at least one
   */
  public WorkersContext(
      Model model, Optional<Model> control, Study study, Supplier<Probe> maker, int workers) {
    this.model = model;
    this.control = control;
    this.study = study;
    this.maker = maker;
    this.workers = workers;
  }

  /** Makes the probe and runs it. */
  public void run() {
    try (Probe probe = maker.get()) {
      probe.run(this);
    }
  }

  /** What was reported and saved, as text. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>(report.lines());
    saved.forEach((name, content) -> lines.add(name + " " + content));
    return lines;
  }

  /** What was reported. */
  public RecordedReport reported() {
    return report;
  }

  /** The shards that were computed, by stage and name, in the order of the work. */
  public List<String> computed() {
    return List.copyOf(computed);
  }

  @Override
  public Artifact stage(String name, int version, Supplier<Artifact> work) {
    Artifact result = copied(work.get());
    stages.put(name, result);
    return result;
  }

  @Override
  public Artifact result(String stage) {
    return Optional.ofNullable(stages.get(stage))
        .orElseThrow(
            () -> new IllegalStateException("no stage '%s' has finished".formatted(stage)));
  }

  @Override
  public SequencedMap<String, Artifact> shards(
      String stage, int version, SequencedMap<String, Artifact> inputs) {
    List<String> names = List.copyOf(inputs.keySet());
    Map<String, Artifact> results = new LinkedHashMap<>();
    for (int worker = workers - 1; worker >= 0; worker--) {
      try (Probe probe = maker.get()) {
        for (int i = names.size() - 1; i >= 0; i--) {
          if (i % workers == worker) {
            String name = names.get(i);
            Artifact input = copied(Objects.requireNonNull(inputs.get(name)));
            results.put(name, copied(probe.shard(stage, input, this)));
            computed.add(stage + "/" + name);
          }
        }
      }
    }
    SequencedMap<String, Artifact> ordered = new LinkedHashMap<>();
    names.forEach(name -> ordered.put(name, Objects.requireNonNull(results.get(name))));
    return ordered;
  }

  private static Artifact copied(Artifact artifact) {
    Artifact.Builder copy = Artifact.builder();
    artifact.tensors().forEach((name, tensor) -> copy.tensor(name, copied(tensor)));
    artifact.integers().forEach(copy::integers);
    artifact.texts().forEach(copy::text);
    return copy.build();
  }

  private static Matrix copied(Matrix tensor) {
    Matrix copy = Matrix.zeros(tensor.type(), tensor.rows(), tensor.columns());
    copy.segment().copyFrom(tensor.segment());
    return copy;
  }

  @Override
  public Model model() {
    return model;
  }

  @Override
  public Optional<Model> control() {
    return control;
  }

  @Override
  public Study study() {
    return study;
  }

  @Override
  public Map<HookPoint, Matrix> capture(CaptureRequest request) {
    throw new UnsupportedCapabilityException("nothing is captured here: run the model");
  }

  @Override
  public Evaluation evaluate(EvaluationSpec spec) {
    throw new UnsupportedCapabilityException("nothing is evaluated here");
  }

  @Override
  public Decoder decoder(String name) {
    throw new UnsupportedCapabilityException("there is no decoder here");
  }

  @Override
  public LinearAlgebra linearAlgebra() {
    return new TextbookAlgebra();
  }

  @Override
  public RandomGenerator random(String purpose) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(purpose.hashCode());
  }

  @Override
  public int bootstrapDraws() {
    return DRAWS;
  }

  @Override
  public Report report() {
    return report;
  }

  @Override
  public void saveTensors(String name, Map<String, Matrix> tensors, Map<String, String> metadata) {
    StringBuilder cells = new StringBuilder();
    tensors.forEach(
        (tensor, matrix) -> {
          cells.append(tensor);
          for (int row = 0; row < matrix.rows(); row++) {
            cells.append(Arrays.toString(matrix.row(row)));
          }
        });
    saved.put(name, cells.append(new TreeMap<>(metadata)).toString());
  }

  @Override
  public void saveText(String name, String ending, String text) {
    saved.put(name + "." + ending, text);
  }

  @Override
  public void cost(String name, long amount) {
    saved.put(name, String.valueOf(amount));
  }

  @Override
  public void progress(String what, long done, long total) {}
}
