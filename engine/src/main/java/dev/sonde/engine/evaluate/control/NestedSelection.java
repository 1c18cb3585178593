package dev.sonde.engine.evaluate.control;

import dev.sonde.api.report.Metric;
import dev.sonde.engine.evaluate.fit.Measure;
import dev.sonde.engine.evaluate.fit.Scored;
import dev.sonde.statistics.Estimate;
import java.util.List;
import java.util.Set;

/** Layer and decoder chosen on inner folds of each training side; only then its test side. */
public final class NestedSelection implements Control {
  @Override
  public Measured measure(EvaluationRun run) {
    InnerChoice choice = new InnerChoice(run, run.scored());
    return working -> result(run, choice, working);
  }

  private static Result result(EvaluationRun run, InnerChoice choice, Set<String> working) {
    Measure nested = choice.among(working).merit();
    Measure highest =
        Scored.best(
                run.scored().stream().filter(s -> working.contains(s.choice().decoder())),
                Scored::rank)
            .heldOut()
            .merit();
    Estimate optimism =
        run.bootstrap().estimate(weights -> highest.value(weights) - nested.value(weights));
    return new Result(run.subject(), nested, run.estimate(nested), optimism);
  }

  /**
   * What the choice reaches on rows that it was not made on.
   *
   * @param measure the figure of merit, which can be taken again with rows weighted
   * @param merit the same with its interval
   * @param optimism the highest figure of all tried less this one
   */
  public record Result(Subject subject, Measure measure, Estimate merit, Estimate optimism)
      implements ControlResult {
    @Override
    public List<Metric> metrics() {
      return List.of(
          subject.merit(".nested", merit).where("positive", subject.positive()),
          subject.metric("optimism", optimism));
    }
  }
}
