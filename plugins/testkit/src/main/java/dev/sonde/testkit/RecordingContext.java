package dev.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.data.Study;
import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.probe.Artifact;
import dev.sonde.api.probe.Inputs;
import dev.sonde.api.probe.Model;
import dev.sonde.api.probe.Probe;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.probe.VectorFormat;
import dev.sonde.api.report.Report;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * What contexts of tests have in common: they keep what is reported, saved and found in stages.
 * Calls from another thread than the probe's, after the probe has ended, or with what is no file
 * name are assertion errors.
 */
abstract class RecordingContext implements ProbeContext {
  private static final String FILE = "[A-Za-z0-9][A-Za-z0-9._-]*";

  private final Inputs inputs;
  private final RecordedReport report = new RecordedReport();
  private final Map<String, Artifact> kept = new LinkedHashMap<>();
  private final List<String> computed = new ArrayList<>();
  private final Map<String, String> saved = new TreeMap<>();
  private final Map<String, Long> costs = new TreeMap<>();
  private final Thread thread = Thread.currentThread();
  private Optional<Probe> running = Optional.empty();
  private Optional<ShardWorkers> workers = Optional.empty();
  private LinearAlgebra algebra = new TextbookAlgebra();
  private boolean ended;

  /** A context for a probe that runs on this thread and computes its shards itself. */
  RecordingContext(Inputs inputs) {
    this.inputs = inputs;
  }

  /** Has shards computed by others. */
  final void workers(ShardWorkers others) {
    workers = Optional.of(others);
  }

  /** Has another linear algebra than the readable, slow one. */
  final void algebra(LinearAlgebra other) {
    algebra = other;
  }

  /** Runs a probe. From then on every call is an assertion error. */
  final void run(Probe probe) {
    running = Optional.of(probe);
    probe.run(this);
    ended = true;
  }

  /** Called before each stage and shard, which begin without memory of what was before. */
  void begin() {}

  /** What was reported. */
  public final RecordedReport reported() {
    return report;
  }

  /** What was reported and saved, as text; costs, which may be times, are not compared. */
  public final List<String> lines() {
    List<String> lines = new ArrayList<>(report.lines());
    saved.forEach((name, content) -> lines.add(name + " " + content));
    return lines;
  }

  /** What the probe noted as its costs, by name. */
  public final Map<String, Long> costs() {
    return Collections.unmodifiableMap(costs);
  }

  /** The shards that were computed, by stage and name, in the order in which they were asked. */
  public final List<String> computed() {
    return List.copyOf(computed);
  }

  final <T> T use(Supplier<T> call) {
    assertThat(Thread.currentThread()).as("the thread that uses the context").isSameAs(thread);
    assertThat(ended).as("the probe has ended, and still uses its context").isFalse();
    return call.get();
  }

  @Override
  public Model model() {
    return use(inputs::model);
  }

  @Override
  public List<String> models() {
    return use(inputs::models);
  }

  @Override
  public Model model(String name) {
    return use(() -> inputs.model(name));
  }

  @Override
  public Study study() {
    return use(inputs::study);
  }

  @Override
  public List<String> sets() {
    return use(inputs::sets);
  }

  @Override
  public Study study(String set) {
    return use(() -> inputs.study(set));
  }

  @Override
  public Artifact stage(String name, int version, Supplier<Artifact> work) {
    requireNew(name);
    begin();
    Artifact result = ShardWorkers.copied(work.get());
    kept.put(name, result);
    return result;
  }

  private void requireNew(String stage) {
    assertThat(use(() -> stage)).as("a stage's name").matches(FILE);
    assertThat(kept)
        .as("stages so far, of which none has the name of another")
        .doesNotContainKey(stage);
  }

  @Override
  public SequencedMap<String, Artifact> shards(
      String stage, int version, SequencedMap<String, Artifact> asked) {
    requireNew(stage);
    asked.keySet().forEach(name -> assertThat(name).as("a shard's name").matches(FILE));
    ShardWorkers who = workers.orElseGet(() -> new ShardWorkers(running::orElseThrow, 0));
    SequencedMap<String, Artifact> results = who.compute(stage, asked, this, this::begin);
    asked.keySet().forEach(name -> computed.add(stage + "/" + name));
    return results;
  }

  @Override
  public Artifact result(String stage) {
    return use(() -> Optional.ofNullable(kept.get(stage)))
        .orElseThrow(
            () -> new IllegalStateException("no stage '%s' has finished".formatted(stage)));
  }

  /** The decoder that stands for all: the difference of means. */
  @Override
  public Decoder decoder(String name) {
    return use(PlantedEvaluation::meanDifference);
  }

  @Override
  public LinearAlgebra linearAlgebra() {
    return use(() -> algebra);
  }

  @Override
  public RandomGenerator random(String purpose) {
    return use(() -> generator("probe/" + purpose));
  }

  /** Random numbers that depend on the purpose only. */
  static RandomGenerator generator(String purpose) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(purpose.hashCode());
  }

  @Override
  public Report report() {
    return use(() -> report);
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
    save(name, cells.append(new TreeMap<>(metadata)).toString());
  }

  @Override
  public void saveDirections(String name, String format, VectorFormat.Directions directions) {
    save(name + "." + format, "directions");
  }

  @Override
  public void saveText(String name, String ending, String text) {
    assertThat(ending).as("the ending of a file").matches("[a-z0-9]+");
    save(name + "." + ending, text);
  }

  @Override
  public void saveColumns(Study of, SequencedMap<String, List<Object>> values) {
    values.forEach(
        (name, column) -> {
          assertThat(name).as("a column's name").matches("[a-z0-9_]+");
          assertThat(column).as("values of the column '%s'", name).hasSize(of.size());
        });
    save("columns." + of.name(), values.toString());
  }

  private void save(String name, String content) {
    assertThat(use(() -> name)).as("a file's name").matches("(%s/)?%s".formatted(FILE, FILE));
    saved.put(name, content);
  }

  @Override
  public void cost(String name, long amount) {
    assertThat(use(() -> name)).as("a cost's name").matches("[a-z0-9_]+(\\.[a-z0-9_]+)*");
    costs.put(name, amount);
  }

  @Override
  public void progress(String what, long done, long total) {
    assertThat(use(() -> done)).as("progress").isBetween(0L, total);
  }
}
