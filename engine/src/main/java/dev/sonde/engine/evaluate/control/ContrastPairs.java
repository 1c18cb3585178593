package dev.sonde.engine.evaluate.control;

import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.Evaluation.Choice;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.report.Metric;
import dev.sonde.engine.evaluate.fit.Candidate;
import dev.sonde.engine.evaluate.fit.HeldOutScores;
import dev.sonde.engine.evaluate.fit.Measure;
import dev.sonde.engine.evaluate.fit.Question;
import dev.sonde.statistics.Estimate;
import dev.sonde.statistics.Groups;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Of contrast pairs, the share of held-out pairs in which the positive text scores higher. Once of
 * decoders that are fitted to the texts as they are, and once of decoders that see nothing but what
 * the two texts of a pair differ in: each row less the mean of its pair. That is half the
 * difference of the pair and the same negated, so that what is fitted goes through the origin, and
 * a logistic regression has no intercept.
 *
 * <p>The test is of the whole search on differences: labels of all pairs of a group are exchanged
 * together, and the search is done again.
 */
public final class ContrastPairs implements Control {
  private static final String STAGE = "contrast pairs";

  @Override
  public Measured measure(EvaluationRun run) {
    Optional<Groups> pairs = run.pairs();
    if (pairs.isEmpty()) {
      return working -> new Result(run.subject(), 0, List.of(), Optional.empty());
    }
    Groups each = pairs.get();
    Map<HookPoint, Matrix> differences = new LinkedHashMap<>();
    run.input()
        .main()
        .sites()
        .forEach((point, features) -> differences.put(point, differences(features, each)));
    List<Found> found =
        run
            .atBestPoints(
                STAGE,
                best ->
                    List.of(
                        found(run, best, each, false),
                        found(run, on(differences, best), each, true)))
            .stream()
            .flatMap(List::stream)
            .toList();
    Map<String, Decoder> decoders = FurtherSearch.decoders(run);
    if (decoders.isEmpty()) {
      return working ->
          new Result(
              run.subject(),
              each.count(),
              ControlResult.Placed.among(found, working),
              Optional.empty());
    }
    FurtherSearch search = new FurtherSearch(run, one -> one, differences, decoders);
    Permutations flips = run.permutations();
    FurtherSearch.Drawn drawn = search.drawn(STAGE, flips::draw, Question.INSIDE, each);
    return working ->
        new Result(
            run.subject(),
            each.count(),
            ControlResult.Placed.among(found, working),
            nested(run, each, search, drawn, flips, working));
  }

  /** Each row less the mean of its pair, {@code [rows, columns]} float32. */
  static Matrix differences(Matrix features, Groups pairs) {
    Matrix centred = Matrix.zeros(Matrix.Type.FLOAT32, features.rows(), features.columns());
    for (int[] pair : pairs.members()) {
      double[] first = features.row(pair[0]);
      double[] second = features.row(pair[1]);
      double[] negated = new double[first.length];
      for (int c = 0; c < first.length; c++) {
        first[c] = (first[c] - second[c]) / 2;
        negated[c] = -first[c];
      }
      centred.setRow(pair[0], first);
      centred.setRow(pair[1], negated);
    }
    return centred;
  }

  private static Candidate on(Map<HookPoint, Matrix> sites, Candidate candidate) {
    return new Candidate(
        candidate.choice(),
        candidate.decoder(),
        sites.getOrDefault(candidate.choice().point(), candidate.features()));
  }

  private static Found found(
      EvaluationRun run, Candidate candidate, Groups pairs, boolean differences) {
    HeldOutScores heldOut = run.outer().scored(candidate, run.targets()).heldOut();
    return new Found(
        candidate.choice(), differences, run.estimate(heldOut.merit(Question.INSIDE, pairs)));
  }

  private static Optional<Nested> nested(
      EvaluationRun run,
      Groups pairs,
      FurtherSearch search,
      FurtherSearch.Drawn drawn,
      Permutations flips,
      Set<String> working) {
    List<String> decoders = search.among(working);
    if (decoders.isEmpty()) {
      return Optional.empty();
    }
    Measure measure =
        Measure.pooled(
            search.chosen(decoders).stream().map(one -> one.merit(Question.INSIDE, pairs)).toList(),
            run.targets().size());
    return Optional.of(
        new Nested(run.estimate(measure), drawn.test(decoders, flips::smallestReachable)));
  }

  /**
   * The pair accuracy of a decoder where it does best on texts.
   *
   * @param differences whether it was fitted to differences of pairs
   */
  public record Found(Choice choice, boolean differences, Estimate accuracy)
      implements ControlResult.Placed {}

  /**
   * What is chosen on inner folds, on differences.
   *
   * @param accuracy the share of held-out pairs in the right order
   * @param test of labels exchanged inside pairs, by groups
   */
  public record Nested(Estimate accuracy, NullTest test) {}

  /**
   * What was found of pairs.
   *
   * @param pairs how many there are; 0 where rows are no pairs
   * @param nested empty where no decoder in closed form may be chosen
   */
  public record Result(Subject subject, int pairs, List<Found> found, Optional<Nested> nested)
      implements ControlResult {
    @Override
    public List<Metric> metrics() {
      List<Metric> metrics = new ArrayList<>();
      nested.ifPresent(
          one -> {
            metrics.add(nested(one));
            metrics.add(
                one.test()
                    .metric("p.pairs", pairs)
                    .where("methods", String.join(",", one.test().decoders())));
          });
      Stream.of(true, false)
          .flatMap(which -> found.stream().filter(one -> one.differences() == which))
          .map(
              one ->
                  Subject.at(one.choice(), "grouped", metric("pairs.accuracy", one.accuracy()))
                      .where("fitted_to", one.differences() ? "differences" : "texts"))
          .forEach(metrics::add);
      return metrics;
    }

    private Metric metric(String name, Estimate estimate) {
      return Metric.of(name, estimate.value()).interval(estimate.low(), estimate.high()).n(pairs);
    }

    /** The nested figure. */
    public Metric nested(Nested one) {
      return metric("pairs.accuracy.nested", one.accuracy()).where("fitted_to", "differences");
    }
  }
}
