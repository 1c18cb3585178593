package dev.sonde.engine.evaluate.control;

import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.report.Metric;
import dev.sonde.engine.evaluate.control.Confounds.Effect;
import dev.sonde.engine.evaluate.fit.HeldOutScores;
import dev.sonde.engine.evaluate.fit.Measure;
import dev.sonde.engine.evaluate.fit.Question;
import dev.sonde.statistics.Estimate;
import dev.sonde.statistics.StratifiedPermutations;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether more than the named confounds is decoded: the whole search once more with their effect
 * taken out of the features, and its own test. Labels are exchanged so that every labeling keeps
 * what confounds tell of them (see {@link StratifiedPermutations}): what taking out left of the
 * confounds, or brought in, is in the exchanged labelings as well. See {@link FurtherSearch}.
 */
public final class BesideConfounds implements Control {
  private static final String STAGE = "beside confounds";

  @Override
  public Measured measure(EvaluationRun run) {
    List<String> names = run.input().confounds();
    Confounds confounds = Confounds.of(names, run.study().examples(), Effect.STEPS);
    Map<String, Decoder> decoders = FurtherSearch.decoders(run);
    if (confounds.none() || decoders.isEmpty()) {
      List<String> vary = confounds.none() ? List.of() : names;
      return working -> new Result(run.subject(), vary, Optional.empty());
    }
    FurtherSearch search =
        new FurtherSearch(
            run,
            one ->
                one.adjusted(
                    (features, split) -> confounds.residuals(features, split, run.algebra())),
            run.input().main().sites(),
            decoders);
    StratifiedPermutations exchanges = exchanges(run);
    FurtherSearch.Drawn drawn =
        search.drawn(
            STAGE,
            random -> run.targets().with(exchanges.draw(random)),
            Question.ALL,
            run.numberedGroups());
    return working -> {
      List<String> left = search.among(working);
      return new Result(
          run.subject(),
          names,
          left.isEmpty()
              ? Optional.empty()
              : Optional.of(found(run, search.chosen(left), drawn, exchanges, left)));
    };
  }

  private static StratifiedPermutations exchanges(EvaluationRun run) {
    double[] labels = new double[run.targets().size()];
    Arrays.setAll(labels, run.targets()::value);
    Confounds lines = Confounds.of(run.input().confounds(), run.study().examples(), Effect.LINEAR);
    return new StratifiedPermutations(
        labels, run.numberedGroups(), lines.nuisance(run.targets(), run.algebra()));
  }

  private static Found found(
      EvaluationRun run,
      List<HeldOutScores> chosen,
      FurtherSearch.Drawn drawn,
      StratifiedPermutations exchanges,
      List<String> decoders) {
    int[] strata = exchanges.strata();
    Measure within =
        Measure.pooled(chosen.stream().map(one -> one.meritWithin(strata)).toList(), strata.length);
    return new Found(
        run.estimate(
            Measure.pooled(chosen.stream().map(HeldOutScores::merit).toList(), strata.length)),
        run.estimate(within),
        1 + Arrays.stream(strata).max().orElse(0),
        drawn.test(decoders, exchanges::smallestReachable));
  }

  /**
   * What is left.
   *
   * @param merit what the choice reaches with confounds taken out, on rows it was not made on
   * @param within the same of rows with like confounds only; NaN where none of them can be compared
   * @param strata how many parts the rows were taken apart into by their confounds
   * @param test of labels exchanged with what confounds tell of them kept
   */
  public record Found(Estimate merit, Estimate within, int strata, NullTest test) {}

  /**
   * What is left beside the named confounds.
   *
   * @param confounds their names; none where they do not vary
   * @param found empty where they do not, or no decoder in closed form may be chosen
   */
  public record Result(Subject subject, List<String> confounds, Optional<Found> found)
      implements ControlResult {
    @Override
    public List<Metric> metrics() {
      if (found.isEmpty()) {
        return List.of();
      }
      Found one = found.get();
      String names = String.join(",", confounds);
      List<Metric> metrics = new ArrayList<>();
      metrics.add(merit(one).where("confounds", names));
      if (Double.isFinite(one.within().value())) {
        metrics.add(
            subject
                .merit(".residualised.within_strata", one.within())
                .where("confounds", names)
                .where("strata", one.strata()));
      }
      metrics.add(
          one.test()
              .metric("p.beside_confounds", subject.rows())
              .where("methods", String.join(",", one.test().decoders())));
      return metrics;
    }

    /** The nested figure with confounds taken out. */
    public Metric merit(Found one) {
      return subject.merit(".residualised.nested", one.merit());
    }
  }
}
