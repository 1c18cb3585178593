package dev.sonde.testkit;

import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.evaluate.Evaluation;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.ActivationStream;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.probe.CaptureRequest;
import dev.sonde.api.probe.Model;
import dev.sonde.api.text.Tokenizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * What a probe works on, without an engine: activations of a made-up model of three blocks in which
 * a direction is planted, a small cross-validation, and a report that is kept. Calls from another
 * thread than the probe's, and after the probe has ended, are assertion errors.
 */
public final class PlantedContext extends RecordingContext {
  /** Number of blocks. */
  public static final int LAYERS = 3;

  /** Width of the residual stream. */
  public static final int WIDTH = 12;

  /** How far the classes are apart along the planted direction, in standard deviations. */
  private static final double SHIFT = 3;

  private static final Set<String> SITES =
      Set.of("hook_embed", "hook_resid_post", "hook_attn_out", "hook_mlp_out");

  private final PlantedStudy study;
  private final Set<HookPoint> read = new LinkedHashSet<>();
  private final Map<String, Double> aurocs = new LinkedHashMap<>();

  /** A context for a probe that runs on this thread. */
  public PlantedContext(PlantedStudy study) {
    super(new ProbeInputs(new PlantedModel(), Optional.empty(), Map.of(), study, Map.of()));
    this.study = study;
  }

  /** What is known of the model. */
  public static ModelInfo info() {
    return ModelInfo.of("planted", "5".repeat(64))
        .shape(LAYERS, WIDTH)
        .heads(2, 2, WIDTH / 2)
        .vocabulary(100);
  }

  /** The points whose activations were read. */
  Set<HookPoint> read() {
    return Set.copyOf(read);
  }

  /** The highest cross-validated AUROC that was evaluated; 0.5 where nothing was. */
  public double bestAuroc() {
    return aurocs.values().stream().mapToDouble(Double::doubleValue).max().orElse(0.5);
  }

  @Override
  public Map<HookPoint, Matrix> capture(CaptureRequest request) {
    return use(() -> captured(request));
  }

  private Map<HookPoint, Matrix> captured(CaptureRequest request) {
    Map<HookPoint, Matrix> rows = new LinkedHashMap<>();
    for (CaptureRequest each : request.each()) {
      for (String pattern : each.points()) {
        for (HookPoint point : HookPoint.expand(pattern, LAYERS)) {
          if (!SITES.contains(point.site())) {
            throw new UnsupportedCapabilityException("the planted model has no " + point);
          }
          rows.put(request.named(each, point), activations(point));
          read.add(point);
        }
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

  @Override
  public Evaluation evaluate(CaptureRequest spec) {
    return use(
        () -> {
          PlantedEvaluation evaluation = PlantedEvaluation.of(study, spec, captured(spec));
          aurocs.putAll(evaluation.aurocs());
          return evaluation;
        });
  }

  /** A model that can be asked about, and not be run. */
  private static final class PlantedModel implements Model {
    @Override
    public ModelInfo info() {
      return PlantedContext.info();
    }

    @Override
    public Capabilities capabilities() {
      return Capabilities.none().sites(SITES);
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
