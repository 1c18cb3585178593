package dev.sonde.traps;

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
import dev.sonde.api.probe.ProbeFactory;
import dev.sonde.api.report.Claim;
import dev.sonde.api.report.Report;
import dev.sonde.engine.experiment.Seeds;
import dev.sonde.engine.linalg.PlainLinearAlgebra;
import dev.sonde.probe.linear.LinearPlugin;
import dev.sonde.testkit.RecordedReport;
import dev.sonde.testkit.SettingsConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** The linear probe, whole, on planted states and models that answer as they were planted to. */
final class LinearRun implements ProbeContext {
  /** The only further model. */
  private static final String OTHER = "other";

  private final PlantedRows rows;
  private final Study study;
  private final SteeredModel model;
  private final Optional<SteeredModel> other;
  private final Seeds seeds;
  private final RecordedReport report = new RecordedReport();

  private LinearRun(
      PlantedRows rows, SteeredModel model, Optional<SteeredModel> other, RandomGenerator random) {
    this.rows = rows;
    this.study = rows.study(row -> "row " + row);
    this.model = model;
    this.other = other;
    this.seeds = new Seeds(random.nextLong());
  }

  /** What the probe says of steering. */
  static Claim claim(PlantedRows rows, SteeredModel.Rule rule, RandomGenerator random) {
    SteeredModel model = new SteeredModel(List.copyOf(rows.captured().values()), rule);
    return new LinearRun(rows, model, Optional.empty(), random)
        .claim(
            Map.of("steer", true, "steer_modes", List.of("add")), claim -> claim.equals("steers"));
  }

  /**
   * What the probe says of a further model.
   *
   * @param other the further model, whose states it is compared on
   * @param more settings
   * @param claim the beginning of the claim's name
   */
  static Claim compared(
      PlantedRows rows,
      SteeredModel.Rule rule,
      SteeredModel other,
      Map<String, Object> more,
      String claim,
      RandomGenerator random) {
    SteeredModel model = new SteeredModel(List.copyOf(rows.captured().values()), rule);
    return new LinearRun(rows, model, Optional.of(other), random)
        .claim(more, name -> name.startsWith(claim));
  }

  private Claim claim(Map<String, Object> settings, Predicate<String> named) {
    Map<String, Object> all = new LinkedHashMap<>(settings);
    all.put("decoders", List.of("difference_of_means"));
    ProbeFactory linear = new LinearPlugin().probes().getFirst();
    linear.create(new SettingsConfig(linear.settings(), all)).run(this);
    return report.claims().stream()
        .filter(claim -> named.test(claim.evidence().name()))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(report.notes().toString()));
  }

  @Override
  public List<String> models() {
    return other.isPresent() ? List.of(OTHER) : List.of();
  }

  @Override
  public Model model(String name) {
    return other.orElseThrow();
  }

  @Override
  public Evaluation evaluate(CaptureRequest request) {
    return rows.evaluation();
  }

  @Override
  public Decoder decoder(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Map<HookPoint, Matrix> capture(CaptureRequest request) {
    if (request.model().isEmpty()) {
      return rows.captured();
    }
    Map<HookPoint, Matrix> its = new LinkedHashMap<>();
    List<Matrix> states = other.orElseThrow().states();
    rows.captured().keySet().forEach(point -> its.put(point, states.get(its.size())));
    return its;
  }

  @Override
  public Report report() {
    return report;
  }

  @Override
  public Model model() {
    return model;
  }

  @Override
  public Study study() {
    return study;
  }

  @Override
  public LinearAlgebra linearAlgebra() {
    return new PlainLinearAlgebra();
  }

  @Override
  public RandomGenerator random(String purpose) {
    return seeds.random(purpose);
  }

  @Override
  public int bootstrapDraws() {
    return 400;
  }

  @Override
  public void saveTensors(String name, Map<String, Matrix> tensors, Map<String, String> metadata) {}

  @Override
  public void saveDirections(
      String name, String format, dev.sonde.api.probe.VectorFormat.Directions directions) {}

  @Override
  public SequencedMap<String, Artifact> shards(
      String stage, int version, SequencedMap<String, Artifact> inputs) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void progress(String what, long done, long total) {}
}
