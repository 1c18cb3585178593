package dev.sonde.engine.evaluate.control;

import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.report.Metric;
import dev.sonde.engine.evaluate.control.Confounds.Effect;
import dev.sonde.engine.evaluate.fit.Candidate;
import dev.sonde.engine.evaluate.fit.CrossValidation;
import dev.sonde.engine.evaluate.fit.HeldOutScores;
import dev.sonde.engine.evaluate.fit.Measure;
import dev.sonde.engine.evaluate.fit.Question;
import dev.sonde.statistics.Estimate;
import dev.sonde.statistics.StratifiedPermutations;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Whether more than the named confounds is decoded: the whole search once more with their effect
 * taken out of the features, and its own test. Labels are exchanged so that every labeling keeps
 * what confounds tell of them (see {@link StratifiedPermutations}): what taking out left of the
 * confounds, or brought in, is in the exchanged labelings as well.
 *
 * <p>Hook point and decoder are chosen on inner folds, and again in each labeling, among decoders
 * in closed form.
 */
public final class BesideConfounds implements Control {
  private static final String STAGE = "beside confounds";

  /** Partitions into folds at most: the search is the whole one once more. */
  private static final int PARTITIONS = 4;

  /** Labelings at most: as many as a p of .005 takes. */
  private static final int DRAWS = 199;

  @Override
  public Measured measure(EvaluationRun run) {
    List<String> names = run.input().confounds();
    Confounds confounds = Confounds.of(names, run.study().examples(), Effect.STEPS);
    Map<String, Decoder> decoders = new LinkedHashMap<>(run.candidates().closed());
    decoders.keySet().retainAll(run.candidates().choosable(run.working()));
    if (confounds.none() || decoders.isEmpty()) {
      List<String> vary = confounds.none() ? List.of() : names;
      return working -> new Result(run.subject(), vary, Optional.empty());
    }
    List<CrossValidation> partitions =
        run.partitions().stream()
            .limit(PARTITIONS)
            .map(
                one ->
                    one.adjusted(
                        (features, split) -> confounds.residuals(features, split, run.algebra())))
            .toList();
    InnerChoice choice =
        new InnerChoice(
            run, Candidate.of(run.input().main().sites(), decoders), partitions, Optional.empty());
    StratifiedPermutations exchanges = exchanges(run);
    NullDistribution drawn = distribution(run, partitions, decoders, exchanges);
    return working -> {
      Map<String, Decoder> left = new LinkedHashMap<>(decoders);
      left.keySet().retainAll(working);
      return new Result(
          run.subject(),
          names,
          left.isEmpty()
              ? Optional.empty()
              : Optional.of(found(run, choice, drawn, exchanges, left.keySet())));
    };
  }

  private static StratifiedPermutations exchanges(EvaluationRun run) {
    double[] labels = new double[run.targets().size()];
    Arrays.setAll(labels, run.targets()::value);
    Confounds lines = Confounds.of(run.input().confounds(), run.study().examples(), Effect.LINEAR);
    return new StratifiedPermutations(
        labels, run.numberedGroups(), lines.nuisance(run.targets(), run.algebra()));
  }

  private static NullDistribution distribution(
      EvaluationRun run,
      List<CrossValidation> partitions,
      Map<String, Decoder> decoders,
      StratifiedPermutations exchanges) {
    RandomGenerator random = run.seeds().random(STAGE);
    List<Targets> labelings = new ArrayList<>(List.of(run.targets()));
    for (int i = 0; i < Math.min(DRAWS, run.settings().permutations()); i++) {
      labelings.add(run.targets().with(exchanges.draw(random)));
    }
    NullDistribution drawn =
        new NullDistribution(partitions, labelings, run.numberedGroups(), List.of(Question.ALL));
    NullDistribution.draw(
        List.of(drawn),
        decoders,
        run.input().main().sites().values(),
        run.attempts(),
        run.algebra(),
        run.progress());
    partitions.forEach(CrossValidation::release);
    return drawn;
  }

  private static Found found(
      EvaluationRun run,
      InnerChoice choice,
      NullDistribution drawn,
      StratifiedPermutations exchanges,
      Set<String> decoders) {
    List<HeldOutScores> chosen = choice.among(decoders);
    int[] strata = exchanges.strata();
    Measure within =
        Measure.pooled(chosen.stream().map(one -> one.meritWithin(strata)).toList(), strata.length);
    double[] largest = drawn.largest(Question.ALL, decoders);
    int draws = largest.length - 1;
    return new Found(
        run.estimate(choice.merit(decoders)),
        run.estimate(within),
        1 + Arrays.stream(strata).max().orElse(0),
        new NullTest(
            List.copyOf(decoders),
            largest[0],
            Arrays.copyOfRange(largest, 1, largest.length),
            exchanges.smallestReachable(draws)));
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
