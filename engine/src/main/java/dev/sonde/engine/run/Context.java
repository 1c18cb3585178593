package dev.sonde.engine.run;

import dev.sonde.api.data.Study;
import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.Evaluation;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Read;
import dev.sonde.api.probe.Artifact;
import dev.sonde.api.probe.CaptureRequest;
import dev.sonde.api.probe.Model;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.probe.VectorFormat;
import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Report;
import dev.sonde.engine.data.LabelledStudy;
import dev.sonde.engine.experiment.Experiment;
import dev.sonde.engine.experiment.Seeds;
import dev.sonde.engine.pass.OpenInputs;
import dev.sonde.engine.pass.Pass;
import dev.sonde.engine.pass.Reads;
import dev.sonde.engine.pass.Role;
import dev.sonde.engine.pass.TokenRows;
import dev.sonde.engine.plugin.LoadedPlugin;
import dev.sonde.engine.report.SectionWriter;
import dev.sonde.engine.shard.ShardTask;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** What one probe of a run works on. */
final class Context implements ProbeContext {
  private final SetUpProbe probe;
  private final RunSetup setup;
  private final Activations activations;
  private final Workplace workplace;
  private final LinearAlgebra algebra;
  private final Artifacts artifacts;
  private final StageTimes progress;
  private final Seeds seeds;
  private final SectionWriter section = new SectionWriter();
  private final Map<String, Integer> versions = new LinkedHashMap<>();
  private final Thread owner = Thread.currentThread();
  private final Optional<String> earlier;
  private final ProbeRows rows;
  private final Evaluations evaluations;

  /**
   * A context.
   *
   * @param earlier what is to be known of earlier runs of the same data
   * @param manifest hashes of what the run depends on
   */
  Context(
      SetUpProbe probe,
      RunSetup setup,
      Activations activations,
      LinearAlgebra algebra,
      Workplace workplace,
      Optional<String> earlier,
      Map<String, Object> manifest) {
    this.probe = probe;
    this.earlier = earlier;
    this.setup = setup;
    this.activations = activations;
    this.algebra = algebra;
    this.workplace = workplace;
    this.artifacts =
        new Artifacts(workplace.folder(), probe.name(), setup.directionFiles(), section::remark);
    this.progress =
        new StageTimes(workplace.progress().under(probe.name()), workplace.timing(), probe.name());
    this.seeds = new Seeds(setup.experiment().seed());
    this.rows = new ProbeRows(probe.name(), setup, activations);
    this.evaluations =
        new Evaluations(
            setup,
            rows,
            algebra,
            progress,
            section,
            new FittedProbes(probe.name(), setup, manifest, artifacts));
  }

  private OpenInputs inputs() {
    return setup.inputs();
  }

  private Experiment experiment() {
    return setup.experiment();
  }

  private Pass main() {
    return setup.passes().main();
  }

  @Override
  public Model model() {
    return inputs().model();
  }

  @Override
  public Study study() {
    return study(Role.MAIN_PASS);
  }

  /** What this probe asks about a data set. */
  private LabelledStudy study(Role role) {
    return rows.study(role);
  }

  @Override
  public List<String> sets() {
    return inputs().sets();
  }

  @Override
  public Study study(String set) {
    return inputs().of(probe.name()).study(set);
  }

  @Override
  public List<String> models() {
    return inputs().models();
  }

  @Override
  public Model model(String name) {
    return inputs().model(name);
  }

  @Override
  public Optional<Model> control() {
    return activations.pass(Role.FRESH_PASS).map(Pass::model);
  }

  @Override
  public Map<HookPoint, Matrix> capture(CaptureRequest request) {
    requireOwnThread();
    Role role = inputs().role(request);
    Map<HookPoint, Read> reads = Reads.named(activations.pass(role).orElseThrow().model(), request);
    activations.ensure(role, List.copyOf(reads.values()));
    return rows.matrices(role, reads);
  }

  private void requireOwnThread() {
    if (Thread.currentThread() != owner) {
      throw new IllegalStateException(
          "a probe's context belongs to the probe's own thread, not to " + Thread.currentThread());
    }
  }

  @Override
  public Evaluation evaluate(CaptureRequest spec) {
    requireOwnThread();
    return evaluations.evaluate(spec);
  }

  /** Whose probe it is. */
  LoadedPlugin plugin() {
    return probe.plugin();
  }

  /** Whether a decoder failed, so that the section is not what was asked for. */
  boolean decoderFailed() {
    return evaluations.decoderFailed();
  }

  @Override
  public Decoder decoder(String name) {
    return setup.decoders().find(name);
  }

  @Override
  public LinearAlgebra linearAlgebra() {
    return algebra;
  }

  @Override
  public RandomGenerator random(String purpose) {
    return seeds.random("probe/" + probe.name() + "/" + purpose);
  }

  @Override
  public int bootstrapDraws() {
    return experiment().evaluation().bootstrap();
  }

  @Override
  public Report report() {
    return section;
  }

  /**
   * Makes the models forget what was before; says what is to be known of the model and the rows.
   */
  void begin() {
    activations.forget();
    main().model().info().notes().forEach(section::note);
    study(Role.MAIN_PASS).remarks().forEach(section::note);
    setup.passes().onSets().forEach(set -> study(set.role()).remarks().forEach(section::note));
    TokenRows rows = main().rows();
    rows.remark()
        .ifPresent(
            remark -> {
              section.engines(
                  Metric.of("rows.truncated", rows.truncated()).n(rows.ids().size()).unit("rows"));
              section.note(remark);
            });
    setup.guesses().forEach(section::note);
    earlier.filter(remark -> probe.needs().evaluates()).ifPresent(section::note);
  }

  SectionWriter section() {
    return section;
  }

  /** The files that the probe wrote. */
  Set<String> written() {
    return artifacts.written();
  }

  @Override
  public void saveTensors(String name, Map<String, Matrix> tensors, Map<String, String> metadata) {
    requireOwnThread();
    artifacts.tensors(name, tensors, metadata);
  }

  @Override
  public void saveDirections(String name, String format, VectorFormat.Directions directions) {
    requireOwnThread();
    Map<String, String> metadata = new LinkedHashMap<>(directions.metadata());
    section.answers().ifPresent(answers -> metadata.putIfAbsent("claims", answers));
    artifacts.directions(name, format, VectorFormat.Directions.of(directions.vectors(), metadata));
  }

  @Override
  public void saveText(String name, String ending, String text) {
    requireOwnThread();
    artifacts.text(name, ending, text);
  }

  @Override
  public void saveColumns(Study of, SequencedMap<String, List<Object>> values) {
    requireOwnThread();
    List<String> announced = probe.needs().needs().columns();
    artifacts.columns(of.name(), MadeColumns.lines(of, values, announced));
  }

  @Override
  public Artifact stage(String name, int version, Supplier<Artifact> work) {
    requireOwnThread();
    Artifacts.requirePlain(name);
    versions.put(name, version);
    return workplace
        .journal()
        .stage(
            probe.name(),
            name,
            version,
            () -> {
              activations.forget();
              return work.get();
            });
  }

  @Override
  public SequencedMap<String, Artifact> shards(
      String stage, int version, SequencedMap<String, Artifact> inputs) {
    requireOwnThread();
    Artifacts.requirePlain(stage);
    inputs.keySet().forEach(Artifacts::requirePlain);
    Journal journal = workplace.journal();
    List<ShardTask> missing = new ArrayList<>();
    inputs.forEach(
        (shard, input) -> {
          if (journal.kept(probe.name(), shardOf(stage, shard), version).isEmpty()) {
            missing.add(
                new ShardTask.OfProbe(probe.name(), stage, version, shard, input, versions));
          }
        });
    long[] done = {inputs.size() - missing.size()};
    progress.at(stage, done[0], inputs.size());
    workplace
        .executor()
        .execute(missing, this::compute, task -> progress.at(stage, ++done[0], inputs.size()));
    SequencedMap<String, Artifact> results = new LinkedHashMap<>();
    for (String shard : inputs.keySet()) {
      results.put(shard, journal.kept(probe.name(), shardOf(stage, shard), version).orElseThrow());
    }
    return results;
  }

  private static String shardOf(String stage, String shard) {
    return stage + "/" + shard;
  }

  /** Computes a shard of this probe, whose code runs already as its plugin expects it. */
  private void compute(ShardTask task) {
    if (task instanceof ShardTask.OfProbe part && part.probe().equals(probe.name())) {
      compute(part);
    }
  }

  /** Computes a shard of this probe into the run's folder; earlier stages lie there. */
  void compute(ShardTask.OfProbe task) {
    versions.putAll(task.results());
    workplace
        .journal()
        .stage(
            probe.name(),
            shardOf(task.stage(), task.shard()),
            task.version(),
            () -> {
              activations.forget();
              return probe.probe().shard(task.stage(), task.input(), this);
            });
  }

  @Override
  public Artifact result(String stage) {
    requireOwnThread();
    return Optional.ofNullable(versions.get(stage))
        .flatMap(version -> workplace.journal().kept(probe.name(), stage, version))
        .orElseThrow(
            () -> new IllegalStateException("no stage '%s' has finished".formatted(stage)));
  }

  @Override
  public void cost(String name, long amount) {
    requireOwnThread();
    workplace.timing().add(Objects.requireNonNull(name, "what a cost is of"), amount);
  }

  /** The probe is done. */
  void ended() {
    progress.end();
  }

  @Override
  public void progress(String what, long done, long total) {
    progress.at(what, done, total);
  }
}
