package dev.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.Evaluation;
import dev.sonde.api.evaluate.EvaluationSpec;
import dev.sonde.api.evaluate.Scorer;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.ActivationStream;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.probe.Artifact;
import dev.sonde.api.probe.CaptureRequest;
import dev.sonde.api.probe.Model;
import dev.sonde.api.probe.Probe;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.probe.VectorFormat;
import dev.sonde.api.report.Report;
import dev.sonde.api.text.Tokenizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * What a probe works on, without an engine: activations of a made-up model of three blocks in which
 * a direction is planted, a small cross-validation, and a report that is kept. Calls from another
 * thread than the probe's, and after the probe has ended, are assertion errors.
 */
public final class PlantedContext implements ProbeContext {
  /** Number of blocks. */
  public static final int LAYERS = 3;

  /** Width of the residual stream. */
  public static final int WIDTH = 12;

  /** How far the classes are apart along the planted direction, in standard deviations. */
  private static final double SHIFT = 3;

  private static final Set<String> SITES =
      Set.of("hook_embed", "hook_resid_post", "hook_attn_out", "hook_mlp_out");

  private final PlantedStudy study;
  private final RecordedReport report = new RecordedReport();
  private final Set<HookPoint> read = new LinkedHashSet<>();
  private final Map<String, Double> aurocs = new LinkedHashMap<>();
  private final Thread thread = Thread.currentThread();
  private Optional<Probe> probe = Optional.empty();
  private final Map<String, Artifact> kept = new LinkedHashMap<>();
  private boolean ended;

  /** A context for a probe that runs on this thread. */
  public PlantedContext(PlantedStudy study) {
    this.study = study;
  }

  /** What is known of the model. */
  public static ModelInfo info() {
    return ModelInfo.builder("planted", "5".repeat(64))
        .shape(LAYERS, WIDTH)
        .heads(2, 2, WIDTH / 2)
        .vocabulary(100)
        .build();
  }

  /** Says whose context it is: it computes the shards that the probe asks for. */
  PlantedContext of(Probe itsProbe) {
    probe = Optional.of(itsProbe);
    return this;
  }

  @Override
  public SequencedMap<String, Artifact> shards(
      String stage, int version, SequencedMap<String, Artifact> inputs) {
    SequencedMap<String, Artifact> results = new LinkedHashMap<>();
    inputs.forEach(
        (name, input) -> results.put(name, probe.orElseThrow().shard(stage, input, this)));
    return results;
  }

  /** From now on every call is an assertion error. */
  void end() {
    ended = true;
  }

  /** The points whose activations were read. */
  Set<HookPoint> read() {
    return Set.copyOf(read);
  }

  /** The highest cross-validated AUROC that was evaluated; 0.5 where nothing was. */
  public double bestAuroc() {
    return aurocs.values().stream().mapToDouble(Double::doubleValue).max().orElse(0.5);
  }

  /** What was reported. */
  public RecordedReport reported() {
    return report;
  }

  private <T> T use(Supplier<T> call) {
    assertThat(Thread.currentThread()).as("the thread that uses the context").isSameAs(thread);
    assertThat(ended).as("the probe has ended, and still uses its context").isFalse();
    return call.get();
  }

  @Override
  public Model model() {
    return use(PlantedModel::new);
  }

  @Override
  public PlantedStudy study() {
    return use(() -> study);
  }

  @Override
  public Map<HookPoint, Matrix> capture(CaptureRequest request) {
    return use(() -> captured(request));
  }

  private Map<HookPoint, Matrix> captured(CaptureRequest request) {
    Map<HookPoint, Matrix> rows = new LinkedHashMap<>();
    for (String pattern : request.points()) {
      for (HookPoint point : HookPoint.expand(pattern, LAYERS)) {
        if (!SITES.contains(point.site())) {
          throw new UnsupportedCapabilityException("the planted model has no " + point);
        }
        rows.put(point, activations(point));
        read.add(point);
      }
    }
    return rows;
  }

  /** Noise, and a direction from the second block on. */
  private Matrix activations(HookPoint point) {
    RandomGenerator noise = generator(point.name());
    Matrix rows = Matrix.zeros(Matrix.Type.FLOAT32, PlantedStudy.ROWS, WIDTH);
    boolean planted = point.layer().orElse(0) > 0;
    for (int row = 0; row < PlantedStudy.ROWS; row++) {
      for (int c = 0; c < WIDTH; c++) {
        boolean shifted = planted && study.isPlanted(row) && c < 2;
        rows.set(row, c, noise.nextGaussian() + (shifted ? SHIFT / Math.sqrt(2) : 0));
      }
    }
    return rows;
  }

  private static RandomGenerator generator(String purpose) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(purpose.hashCode());
  }

  @Override
  public Evaluation evaluate(EvaluationSpec spec) {
    return use(
        () -> {
          PlantedEvaluation evaluation =
              PlantedEvaluation.of(study, spec, captured(spec.features()));
          aurocs.putAll(evaluation.aurocs());
          return evaluation;
        });
  }

  @Override
  public Decoder decoder(String name) {
    return use(PlantedContext::meanDifference);
  }

  /** The decoder that stands for all: the difference of means. */
  static Decoder meanDifference() {
    return (train, targets) -> Scorer.linear(train.slopes(List.of(targets)).slopes().column(0), 0);
  }

  @Override
  public LinearAlgebra linearAlgebra() {
    return use(TextbookAlgebra::new);
  }

  @Override
  public RandomGenerator random(String purpose) {
    return use(() -> generator("probe/" + purpose));
  }

  @Override
  public int bootstrapDraws() {
    return use(ProbeContext.super::bootstrapDraws);
  }

  @Override
  public Report report() {
    return use(() -> report);
  }

  @Override
  public void saveTensors(String name, Map<String, Matrix> tensors, Map<String, String> metadata) {
    plain(name);
  }

  @Override
  public void saveDirections(String name, String format, VectorFormat.Directions directions) {
    plain(name);
  }

  @Override
  public void saveText(String name, String ending, String text) {
    plain(name);
    assertThat(ending).as("the ending of a file").matches("[a-z0-9]+");
  }

  private void plain(String name) {
    assertThat(use(() -> name)).as("a file's name").matches("[A-Za-z0-9][A-Za-z0-9._-]*");
  }

  @Override
  public Artifact stage(String name, int version, Supplier<Artifact> work) {
    plain(name);
    Artifact result = work.get();
    kept.put(name, result);
    return result;
  }

  @Override
  public Artifact result(String stage) {
    return use(() -> Optional.ofNullable(kept.get(stage)))
        .orElseThrow(
            () -> new IllegalStateException("no stage '%s' has finished".formatted(stage)));
  }

  @Override
  public void progress(String what, long done, long total) {
    use(() -> what);
    assertThat(done).as("progress").isBetween(0L, total);
  }

  /** A model that can be asked about, and not be run. */
  private static final class PlantedModel implements Model {
    @Override
    public ModelInfo info() {
      return PlantedContext.info();
    }

    @Override
    public Capabilities capabilities() {
      return Capabilities.builder().sites(SITES).build();
    }

    @Override
    public Tokenizer tokenizer() {
      throw new ModelUnavailableException("the planted model brings no tokenizer");
    }

    @Override
    public ActivationStream forward(ForwardRequest request) {
      throw new UnsupportedCapabilityException("the planted model runs nothing: use capture");
    }

    @Override
    public GenerationStream generate(GenerateRequest request) {
      throw new UnsupportedCapabilityException("the planted model does not generate");
    }
  }

  /** Names of what a probe read, for messages. */
  static List<String> names(Set<HookPoint> points) {
    return new ArrayList<>(points.stream().map(HookPoint::name).sorted().toList());
  }
}
