package dev.sonde.engine.evaluate.control;

import dev.sonde.api.evaluate.Evaluation.Choice;
import dev.sonde.api.report.Metric;
import dev.sonde.engine.evaluate.fit.Candidate;
import dev.sonde.engine.evaluate.fit.CrossValidation;
import dev.sonde.engine.evaluate.fit.Measure;
import dev.sonde.statistics.Estimate;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The task less a control task (Hewitt and Liang 2019), both on row-wise folds. */
public final class Selectivity implements Control {
  @Override
  public Measured measure(EvaluationRun run) {
    if (run.groups().stream().distinct().count() == run.study().size()) {
      return working ->
          new Result(
              run.subject(),
              List.of(),
              List.of("No selectivity: without groups a control task has nothing to memorise."));
    }
    CrossValidation rows = run.rowwise();
    List<Found> found = run.atBestPoints("control task", best -> found(run, rows, best));
    return working ->
        new Result(run.subject(), ControlResult.Placed.among(found, working), List.of());
  }

  private static Found found(EvaluationRun run, CrossValidation rows, Candidate best) {
    Permutations permutations = run.permutations();
    Measure task = rows.scored(best, run.targets()).heldOut().merit();
    RandomGenerator random = run.seeds().random("control task");
    List<Measure> controls =
        IntStream.range(0, run.settings().controlTasks())
            .mapToObj(i -> permutations.controlTask(run.groups(), random))
            .map(labels -> rows.scored(best, labels).heldOut().merit())
            .toList();
    rows.release();
    ToDoubleFunction<double[]> control =
        weights ->
            controls.stream().mapToDouble(c -> c.value(weights)).average().orElse(Double.NaN);
    return new Found(
        best.choice(),
        run.intervals().difference(task::value, control),
        run.intervals().merit(control));
  }

  /**
   * A decoder's selectivity.
   *
   * @param selectivity the task's figure of merit less the control task's
   * @param controlTask the mean figure of merit of several control tasks
   */
  public record Found(Choice choice, Estimate selectivity, Estimate controlTask)
      implements ControlResult.Placed {}

  /** The selectivity of each decoder; none where groups are single rows. */
  public record Result(Subject subject, List<Found> found, List<String> notes)
      implements ControlResult {
    @Override
    public List<Metric> metrics() {
      return found.stream()
          .flatMap(
              one ->
                  Stream.of(
                          subject.metric("selectivity", one.selectivity()),
                          subject.metric("selectivity.control_task", one.controlTask()))
                      .map(metric -> Subject.at(one.choice(), "rowwise", metric)))
          .toList();
    }
  }
}
