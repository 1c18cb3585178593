package dev.sonde.engine.evaluate.control;

import dev.sonde.api.evaluate.Evaluation.Choice;
import dev.sonde.api.report.Metric;
import dev.sonde.engine.evaluate.fit.CrossValidation;
import dev.sonde.engine.evaluate.fit.Folds;
import dev.sonde.engine.evaluate.fit.HeldOutScores;
import dev.sonde.engine.evaluate.fit.Split;
import dev.sonde.statistics.Estimate;
import java.util.List;
import java.util.stream.Stream;

/** Every group held out alone, where the experiment asks for it or groups are few. */
public final class LeaveOneGroupOut implements Control {
  private static final String SPLIT = "leave_one_group_out";

  /** Up to so many groups each is held out alone as well: five folds of them differ by luck. */
  private static final int FEW_GROUPS = 10;

  @Override
  public Measured measure(EvaluationRun run) {
    long groups = run.groups().stream().distinct().count();
    boolean few = groups > 2 && groups <= FEW_GROUPS;
    if (!few && !run.input().splits().contains(SPLIT)) {
      return working -> new Result(run.subject(), List.of(), List.of());
    }
    List<Split> splits = Folds.splits(Folds.leaveOneGroupOut(run.groups()));
    if (splits.stream().anyMatch(split -> !run.targets().select(split.train()).vary())) {
      return working ->
          new Result(
              run.subject(),
              List.of(),
              List.of("No leave-one-group-out: without one of the groups a single class is left."));
    }
    CrossValidation each = new CrossValidation(splits, run.algebra());
    List<Found> found =
        run.atBestPoints(
            "leave one group out",
            best -> {
              HeldOutScores heldOut = each.scored(best, run.targets()).heldOut();
              return new Found(
                  best.choice(),
                  run.estimate(heldOut.merit()),
                  run.estimate(heldOut.pooledMerit()));
            });
    return working ->
        new Result(run.subject(), ControlResult.Placed.among(found, working), List.of());
  }

  /**
   * A decoder's figures.
   *
   * @param merit within groups
   * @param pooled over all rows together
   */
  public record Found(Choice choice, Estimate merit, Estimate pooled)
      implements ControlResult.Placed {}

  /** The figures of each decoder; none where this was not asked for, or not possible. */
  public record Result(Subject subject, List<Found> found, List<String> notes)
      implements ControlResult {
    @Override
    public List<Metric> metrics() {
      return found.stream()
          .flatMap(
              one ->
                  Stream.of(subject.merit("", one.merit()), subject.merit(".pooled", one.pooled()))
                      .map(metric -> Subject.at(one.choice(), SPLIT, metric)))
          .toList();
    }
  }
}
