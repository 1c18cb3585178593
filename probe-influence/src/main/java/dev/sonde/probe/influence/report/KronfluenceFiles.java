package dev.sonde.probe.influence.report;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.probe.influence.curvature.Covariances;
import dev.sonde.probe.influence.curvature.Eigenbasis;
import dev.sonde.probe.influence.curvature.FactorKey;
import dev.sonde.probe.influence.curvature.Factors;
import dev.sonde.probe.influence.curvature.Strategy;
import dev.sonde.probe.influence.read.LinearModule;
import dev.sonde.probe.influence.score.FullScores;
import dev.sonde.probe.influence.score.InfluenceScores;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Files under the names and in the layout of kronfluence: {@code factors_STRATEGY/} with a tensor a
 * module, {@code scores_STRATEGY/pairwise_scores} with {@code all_modules} as {@code [queries,
 * documents]}; where asked for, {@code pairwise_scores_per_module} and {@code self_scores}. Scores
 * of documents that do not stand in one shard have a file a shard, named after its first document.
 * Covariances and eigenvalues are sums, with their counts beside them.
 */
public final class KronfluenceFiles {
  private final ProbeContext context;
  private final Strategy strategy;

  /** Files named after a strategy, among the artifacts of a run. */
  public KronfluenceFiles(ProbeContext context, Strategy strategy) {
    this.context = context;
    this.strategy = strategy;
  }

  /** The scores that are kept whole, a file for each range of documents that stand together. */
  public void write(InfluenceScores scores, List<LinearModule> linears) {
    FullScores full = scores.full();
    String folder = "scores_" + strategy.word() + "/";
    full.ranges()
        .forEach(
            (from, to) -> {
              String range = full.ranges().size() == 1 ? "" : "_%d".formatted(from);
              Map<String, String> which = Map.of("documents", from + " to " + to);
              context.saveTensors(
                  folder + "pairwise_scores" + range,
                  Map.of("all_modules", full.table(0, from, to)),
                  which);
              if (scores.linears().length > 0) {
                Map<String, Matrix> parts = new LinkedHashMap<>();
                for (int i = 0; i < linears.size(); i++) {
                  parts.put(linears.get(i).module(), full.ofLinear(i, from, to));
                }
                context.saveTensors(folder + "pairwise_scores_per_module" + range, parts, which);
              }
            });
    if (!full.ranges().isEmpty() && scores.self().length > 0) {
      Matrix self = Matrix.of(Matrix.Type.FLOAT32, new double[][] {scores.self()});
      context.saveTensors(folder + "self_scores", Map.of("all_modules", self), Map.of());
    }
  }

  /**
   * What was fitted.
   *
   * @param tokens that second moments are summed over
   * @param key what the factors belong to
   */
  public void write(List<Factors> factors, long tokens, FactorKey key) {
    String folder = "factors_" + strategy.word() + "/";
    save(
        key,
        folder + "activation_covariance",
        factors,
        f -> f.covariances().map(Covariances::inputs));
    save(
        key,
        folder + "gradient_covariance",
        factors,
        f -> f.covariances().map(Covariances::gradients));
    Function<Factors, Optional<Matrix>> counted = f -> f.covariances().map(c -> count(tokens));
    save(key, folder + "num_activation_covariance_processed", factors, counted);
    save(key, folder + "num_gradient_covariance_processed", factors, counted);
    save(key, folder + "activation_eigenvectors", factors, f -> f.basis().map(Eigenbasis::inputs));
    save(key, folder + "gradient_eigenvectors", factors, f -> f.basis().map(Eigenbasis::outputs));
    save(
        key,
        folder + "activation_eigenvalues",
        factors,
        f -> f.basis().map(Eigenbasis::inputValues));
    save(
        key,
        folder + "gradient_eigenvalues",
        factors,
        f -> f.basis().map(Eigenbasis::outputValues));
    save(key, folder + "lambda_matrix", factors, f -> f.corrected().or(f::squares));
    save(
        key,
        folder + "num_lambda_processed",
        factors,
        f -> f.corrected().or(f::squares).map(l -> count(f.items())));
  }

  private void save(
      FactorKey key,
      String file,
      List<Factors> factors,
      Function<Factors, Optional<Matrix>> tensor) {
    Map<String, Matrix> tensors = new LinkedHashMap<>();
    for (Factors each : factors) {
      tensor.apply(each).ifPresent(matrix -> tensors.put(each.linear().module(), matrix));
    }
    if (!tensors.isEmpty()) {
      context.saveTensors(file, tensors, key.header());
    }
  }

  private static Matrix count(long count) {
    return Matrix.of(Matrix.Type.FLOAT64, new double[][] {{count}});
  }
}
