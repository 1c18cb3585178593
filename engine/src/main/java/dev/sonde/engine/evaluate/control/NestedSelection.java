package dev.sonde.engine.evaluate.control;

import dev.sonde.api.report.Metric;
import dev.sonde.engine.evaluate.fit.Candidate;
import dev.sonde.engine.evaluate.fit.HeldOutScores;
import dev.sonde.engine.evaluate.fit.Measure;
import dev.sonde.engine.evaluate.fit.Merit;
import dev.sonde.engine.evaluate.fit.Question;
import dev.sonde.engine.evaluate.fit.Scored;
import dev.sonde.statistics.Estimate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Layer and decoder chosen on inner folds of each training side; only then its test side. The mean
 * over several partitions into folds where groups are few, see {@link
 * dev.sonde.engine.evaluate.fit.Partitions}.
 */
public final class NestedSelection implements Control {
  @Override
  public Measured measure(EvaluationRun run) {
    List<Candidate> all = Candidate.of(run.input().main().sites(), run.input().decoders());
    InnerChoice choice = new InnerChoice(run, all, run.scored());
    return working -> result(run, choice, working);
  }

  private static Result result(EvaluationRun run, InnerChoice choice, Set<String> working) {
    Measure nested = choice.merit(working);
    Measure highest =
        Scored.best(
                run.scored().stream().filter(s -> working.contains(s.choice().decoder())),
                Scored::rank)
            .heldOut()
            .merit();
    Estimate optimism = run.intervals().difference(highest::value, nested::value);
    Permutations permutations = run.permutations();
    List<HeldOutScores> partitions = choice.among(working);
    return new Result(
        run.subject(),
        nested,
        run.estimate(nested),
        optimism,
        partitions.stream().mapToDouble(one -> one.merit().value()).toArray(),
        permutations.betweenGroups() ? of(run, Question.BETWEEN, partitions) : Optional.empty(),
        permutations.insideGroups() ? of(run, Question.INSIDE, partitions) : Optional.empty(),
        RareClass.of(run, partitions),
        givenLength(run, partitions),
        run.candidates().choosable(working),
        run.candidates().notes(working));
  }

  private static Optional<Estimate> of(
      EvaluationRun run, Question question, List<HeldOutScores> partitions) {
    Measure measure =
        Measure.pooled(
            partitions.stream().map(one -> one.merit(question, run.numberedGroups())).toList(),
            run.targets().size());
    return Optional.of(run.estimate(measure)).filter(one -> Double.isFinite(one.value()));
  }

  /** Of graded labels, what is left of the correlation with the length of the texts held fixed. */
  private static Optional<Estimate> givenLength(EvaluationRun run, List<HeldOutScores> partitions) {
    if (run.merit() != Merit.SPEARMAN || partitions.isEmpty()) {
      return Optional.empty();
    }
    double[] lengths =
        run.study().examples().stream()
            .mapToDouble(example -> TextFeatures.logLength(example.text()))
            .toArray();
    Measure measure =
        Measure.pooled(
            partitions.stream().map(one -> one.spearmanGiven(lengths)).toList(),
            run.targets().size());
    return Optional.of(run.estimate(measure));
  }

  /**
   * What the choice reaches on rows that it was not made on.
   *
   * @param measure the figure of merit, which can be taken again with rows weighted
   * @param merit the same with its interval
   * @param optimism the highest figure of all tried less this one
   * @param partitions the figure on each partition into folds
   * @param between how rows of different groups rank; empty where groups have one share or mean
   * @param inside how rows of one group rank; empty where groups hold one label each
   * @param rare what is found of the positive class; empty where no class is rare
   * @param givenLength the partial correlation given the length of texts; empty of classes
   * @param choosable the decoders that were chosen from, which are those that the test covers
   */
  public record Result(
      Subject subject,
      Measure measure,
      Estimate merit,
      Estimate optimism,
      double[] partitions,
      Optional<Estimate> between,
      Optional<Estimate> inside,
      Optional<RareClass> rare,
      Optional<Estimate> givenLength,
      List<String> choosable,
      List<String> notes)
      implements ControlResult {

    /** The standard deviation of the figure over partitions; NaN of one. */
    public double spread() {
      double mean = Arrays.stream(partitions).average().orElse(Double.NaN);
      double squares = Arrays.stream(partitions).map(v -> (v - mean) * (v - mean)).sum();
      return partitions.length < 2 ? Double.NaN : Math.sqrt(squares / (partitions.length - 1));
    }

    @Override
    public List<Metric> metrics() {
      List<Metric> metrics = new ArrayList<>();
      metrics.add(
          subject
              .merit(".nested", merit)
              .where("positive", subject.positive())
              .where("partitions", partitions.length));
      if (partitions.length > 1) {
        metrics.add(
            Metric.of(subject.merit().metric() + ".nested.spread", spread()).n(partitions.length));
      }
      between.ifPresent(one -> metrics.add(subject.merit(".nested.between_groups", one)));
      inside.ifPresent(one -> metrics.add(subject.merit(".nested.inside_groups", one)));
      rare.ifPresent(one -> metrics.addAll(one.metrics(subject)));
      givenLength.ifPresent(one -> metrics.add(subject.merit(".nested.given_length", one)));
      metrics.add(subject.metric("optimism", optimism));
      return metrics;
    }
  }
}
