package dev.sonde.probe.influence.read;

import dev.sonde.api.data.Study;
import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.Evaluation;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.probe.Artifact;
import dev.sonde.api.probe.CaptureRequest;
import dev.sonde.api.probe.Model;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.probe.ShardContext;
import dev.sonde.api.report.Passage;
import dev.sonde.testkit.PlainDesign;
import dev.sonde.testkit.RecordedReport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * A run of one probe whose shards are dealt to workers, of which the last begins. Each worker has a
 * context of its own; what they share is what stages and shards have given, which cannot be
 * changed.
 */
public final class MadeUpContext implements ProbeContext {
  /** Computes shards, as a probe does. */
  @FunctionalInterface
  public interface Worker {
    /** The result of a shard. */
    Artifact shard(String stage, Artifact input, ShardContext context);
  }

  private final Shared shared;
  private final IntFunction<Worker> workers;
  private final int count;
  private final RecordedReport report = new RecordedReport();
  private final Map<String, List<String>> files = new TreeMap<>();

  /** What every worker sees. */
  private record Shared(Model model, Map<String, Study> byName, Map<String, Artifact> kept)
      implements ShardContext {
    @Override
    public Model model(String name) {
      return model;
    }

    @Override
    public Study study() {
      return study("queries");
    }

    @Override
    public Study study(String set) {
      return Objects.requireNonNull(byName.get(set), set);
    }

    @Override
    public Map<HookPoint, Matrix> capture(CaptureRequest request) {
      throw new UnsupportedOperationException();
    }

    @Override
    public LinearAlgebra linearAlgebra() {
      return new PlainDesign(1, 1).linearAlgebra();
    }

    @Override
    public RandomGenerator random(String purpose) {
      return new Random(purpose.hashCode());
    }

    @Override
    public Artifact result(String stage) {
      return Optional.ofNullable(kept.get(stage)).orElseThrow(IllegalStateException::new);
    }

    @Override
    public void progress(String what, long done, long total) {}
  }

  /**
   * A run.
   *
   * @param kept what an earlier run has finished, by stage or {@code stage/shard}
   * @param workers makes a worker
   * @param count how many there are; 0 for one a shard
   */
  public MadeUpContext(
      Model model,
      Map<String, Study> sets,
      Map<String, Artifact> kept,
      IntFunction<Worker> workers,
      int count) {
    this.shared = new Shared(model, sets, kept);
    this.workers = workers;
    this.count = count;
  }

  @Override
  public SequencedMap<String, Artifact> shards(
      String stage, int version, SequencedMap<String, Artifact> inputs) {
    List<String> names = new ArrayList<>(inputs.keySet());
    names.removeIf(name -> shared.kept.containsKey(stage + "/" + name));
    int dealt = count == 0 ? names.size() : count;
    for (int w = dealt - 1; w >= 0; w--) {
      Worker worker = workers.apply(w);
      ShardContext own = new Shared(shared.model, shared.byName, shared.kept);
      for (int i = w; i < names.size(); i += dealt) {
        Artifact input = Objects.requireNonNull(inputs.get(names.get(i)));
        shared.kept.put(stage + "/" + names.get(i), fixed(worker.shard(stage, input, own)));
      }
    }
    SequencedMap<String, Artifact> results = new LinkedHashMap<>();
    inputs.keySet().forEach(name -> results.put(name, result(stage + "/" + name)));
    return results;
  }

  /** As a file holds it: no change of the original is seen, and none is possible. */
  private static Artifact fixed(Artifact artifact) {
    Artifact copy = Artifact.empty();
    for (Map.Entry<String, long[]> each : artifact.integers().entrySet()) {
      copy = copy.with(each.getKey(), each.getValue());
    }
    for (Map.Entry<String, String> each : artifact.texts().entrySet()) {
      copy = copy.with(each.getKey(), each.getValue());
    }
    for (Map.Entry<String, Matrix> each : artifact.tensors().entrySet()) {
      Matrix matrix = each.getValue();
      Matrix own = Matrix.zeros(matrix.type(), matrix.rows(), matrix.columns());
      own.segment().copyFrom(matrix.segment());
      copy =
          copy.with(
              each.getKey(),
              Matrix.of(own.segment().asReadOnly(), own.type(), own.rows(), own.columns()));
    }
    return copy;
  }

  @Override
  public Artifact stage(String name, int version, Supplier<Artifact> work) {
    if (!shared.kept.containsKey(name)) {
      shared.kept.put(name, fixed(work.get()));
    }
    return result(name);
  }

  @Override
  public Artifact result(String stage) {
    return shared.result(stage);
  }

  /** What stages and shards have given. */
  public Map<String, Artifact> kept() {
    return shared.kept;
  }

  /** The files that were written, line by line or tensor by tensor. */
  public Map<String, List<String>> files() {
    return files;
  }

  @Override
  public RecordedReport report() {
    return report;
  }

  @Override
  public void saveTensors(String name, Map<String, Matrix> tensors, Map<String, String> metadata) {
    files.put(name, text(tensors));
  }

  /** Everything that was reported. */
  public List<String> reported() {
    List<String> lines = new ArrayList<>(report.notes());
    report
        .metrics()
        .forEach(
            m ->
                lines.add(
                    String.join(
                        " ", m.name(), "" + m.where(), "" + m.value(), "" + m.low(), "" + m.n())));
    report.tables().forEach(table -> lines.add(table.name() + table.rows()));
    report.figures().forEach(figure -> lines.add(figure.vegaLite() + figure.data()));
    for (Passage passage : report.passages()) {
      lines.add(passage.title() + passage.lead());
      passage.parts().forEach(part -> lines.add(part.text() + part.label() + part.remark()));
    }
    return lines;
  }

  /** Names, shapes and cells. */
  public static List<String> text(Map<String, Matrix> tensors) {
    List<String> lines = new ArrayList<>();
    new TreeMap<>(tensors)
        .forEach(
            (name, matrix) -> {
              StringBuilder line = new StringBuilder(name + " " + matrix.type());
              for (int row = 0; row < matrix.rows(); row++) {
                line.append("\n").append(Arrays.toString(matrix.row(row)));
              }
              lines.add(line.toString());
            });
    return lines;
  }

  @Override
  public void saveText(String name, String ending, String text) {
    files.put(name + "." + ending, text.lines().toList());
  }

  @Override
  public Model model() {
    return shared.model;
  }

  @Override
  public Model model(String name) {
    return shared.model(name);
  }

  @Override
  public Study study() {
    return shared.study();
  }

  @Override
  public Study study(String set) {
    return shared.study(set);
  }

  @Override
  public Map<HookPoint, Matrix> capture(CaptureRequest request) {
    return shared.capture(request);
  }

  @Override
  public LinearAlgebra linearAlgebra() {
    return shared.linearAlgebra();
  }

  @Override
  public RandomGenerator random(String purpose) {
    return shared.random(purpose);
  }

  @Override
  public int bootstrapDraws() {
    return 20;
  }

  @Override
  public Evaluation evaluate(CaptureRequest spec) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Decoder decoder(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void progress(String what, long done, long total) {}
}
