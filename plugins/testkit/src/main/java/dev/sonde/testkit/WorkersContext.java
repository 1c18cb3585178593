package dev.sonde.testkit;

import dev.sonde.api.data.Example;
import dev.sonde.api.data.Study;
import dev.sonde.api.evaluate.Evaluation;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.CaptureRequest;
import dev.sonde.api.probe.Model;
import dev.sonde.api.probe.Probe;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What a probe works on that runs models itself, without an engine. Its shards are computed by
 * several workers: each has a probe of its own that never ran, is dealt every so manieth shard and
 * does the last of them first. Inputs and results are copied, as if they came from another process.
 * Whatever the number of workers, {@link #lines} should be the same.
 */
public final class WorkersContext extends RecordingContext {
  /** Enough for intervals that differ where anything does. */
  private static final int DRAWS = 50;

  private final ProbeInputs inputs;
  private final Supplier<Probe> maker;
  private final Set<String> read = new TreeSet<>();
  private boolean controlled;

  /**
   * A context.
   *
   * @param control the model with fresh weights, empty where there is none
   * @param maker makes the probe again
   * @param workers how many compute shards; 0 where the running probe computes them itself
   */
  public WorkersContext(
      Model model, Optional<Model> control, Study study, Supplier<Probe> maker, int workers) {
    this(new ProbeInputs(model, control, Map.of(), study, Map.of()), maker, workers);
  }

  /**
   * A context.
   *
   * @param maker makes the probe again
   * @param workers how many compute shards; 0 where the running probe computes them itself
   */
  public WorkersContext(ProbeInputs inputs, Supplier<Probe> maker, int workers) {
    super(inputs);
    this.inputs = inputs;
    this.maker = maker;
    if (workers > 0) {
      workers(new ShardWorkers(maker, workers));
    }
  }

  /** Makes the probe and runs it. */
  public void run() {
    try (Probe probe = maker.get()) {
      begin();
      run(probe);
    }
  }

  @Override
  void begin() {
    Stream.concat(inputs.control().stream(), inputs.further().values().stream())
        .forEach(WorkersContext::forget);
    forget(inputs.model());
  }

  private static void forget(Model model) {
    if (model instanceof HostedModel hosted) {
      hosted.forget();
    }
  }

  /** What was captured: points with their model and set, as {@link #captures} names them. */
  Set<String> read() {
    return Set.copyOf(read);
  }

  /** Whether the probe looked at the control. */
  boolean controlled() {
    return controlled;
  }

  @Override
  public Optional<Model> control() {
    controlled = true;
    return use(inputs::control);
  }

  @Override
  public int bootstrapDraws() {
    return use(() -> DRAWS);
  }

  @Override
  public Map<HookPoint, Matrix> capture(CaptureRequest request) {
    return use(() -> captured(request));
  }

  private Map<HookPoint, Matrix> captured(CaptureRequest request) {
    Model model = request.model().map(inputs::model).orElseGet(inputs::model);
    Study study = request.set().map(inputs::study).orElseGet(inputs::study);
    read.addAll(captures(request, model.info().layers()));
    List<Sequence> prompts =
        study.examples().stream().map(example -> sequence(model, example)).toList();
    Map<HookPoint, Matrix> captured = new LinkedHashMap<>();
    for (CaptureRequest each : request.each()) {
      for (HookPoint point : points(each, model.info().layers())) {
        Read one = Read.of(point, each.selector()).reduce(each.reduction());
        captured.put(request.named(each, point), rows(uncounted(model), one, prompts));
      }
    }
    return captured;
  }

  private static Sequence sequence(Model model, Example example) {
    return Sequence.of(model.tokenizer().encode(example.text(), example.specialTokens()).ids());
  }

  private static LanguageModel uncounted(Model model) {
    return model instanceof HostedModel hosted ? hosted.uncounted() : model;
  }

  private static Matrix rows(LanguageModel model, Read read, List<Sequence> prompts) {
    List<float[][]> found = model.rows(read, prompts);
    Matrix rows = Matrix.zeros(Matrix.Type.FLOAT32, found.size(), found.getFirst()[0].length);
    for (int row = 0; row < rows.rows(); row++) {
      float[] own = found.get(row)[0];
      for (int c = 0; c < own.length; c++) {
        rows.set(row, c, own[c]);
      }
    }
    return rows;
  }

  /** The points of a request. */
  static List<HookPoint> points(CaptureRequest request, int layers) {
    return request.points().stream()
        .flatMap(pattern -> HookPoint.expand(pattern, layers).stream())
        .toList();
  }

  /** The names of all that a request asks for. */
  static List<String> captures(CaptureRequest request, int layers) {
    String where =
        "%s on %s"
            .formatted(
                request.model().orElse("the main model"),
                request.set().orElse("the main data set"));
    return request.each().stream()
        .flatMap(
            each ->
                points(each, layers).stream()
                    .map(
                        point ->
                            "%s %s, %s of %s"
                                .formatted(point.name(), each.reduction(), each.selector(), where)))
        .toList();
  }

  @Override
  public Evaluation evaluate(CaptureRequest spec) {
    return use(() -> PlantedEvaluation.of(inputs.study(), spec, captured(spec)));
  }
}
