package dev.sonde.traps;

import dev.sonde.api.config.Settings;
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
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.random.RandomGenerator;

/** The linear probe, whole, on planted states and a model that steers as it was planted to. */
final class SteeringRun implements ProbeContext {
  private final PlantedRows rows;
  private final Study study;
  private final Model model;
  private final Seeds seeds;
  private final RecordedReport report = new RecordedReport();

  private SteeringRun(PlantedRows rows, SteeredModel.Rule rule, long seed) {
    this.rows = rows;
    this.study = rows.study(row -> "row " + row);
    this.model = new SteeredModel(List.copyOf(rows.captured().values()), rule);
    this.seeds = new Seeds(seed);
  }

  /** What the probe says of steering. */
  static Claim claim(PlantedRows rows, SteeredModel.Rule rule, RandomGenerator random) {
    SteeringRun run = new SteeringRun(rows, rule, random.nextLong());
    ProbeFactory linear = new LinearPlugin().probes().getFirst();
    Settings settings = linear.settings();
    linear
        .create(
            new SettingsConfig(
                settings,
                Map.of(
                    "steer",
                    true,
                    "steer_modes",
                    List.of("add"),
                    "decoders",
                    List.of("difference_of_means"))))
        .run(run);
    return run.report.claims().stream()
        .filter(claim -> claim.evidence().name().equals("steers"))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(run.report.notes().toString()));
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
    return rows.captured();
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
