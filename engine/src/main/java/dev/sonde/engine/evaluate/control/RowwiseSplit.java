package dev.sonde.engine.evaluate.control;

import dev.sonde.api.evaluate.Evaluation.Choice;
import dev.sonde.api.report.Metric;
import dev.sonde.engine.evaluate.fit.Candidate;
import dev.sonde.statistics.Estimate;
import java.util.List;

/** Every candidate on folds that ignore groups, where the experiment asks for it. */
public final class RowwiseSplit implements Control {
  private static final String SPLIT = "rowwise";

  @Override
  public Measured measure(EvaluationRun run) {
    if (!run.input().splits().contains(SPLIT)) {
      return working -> new Result(run.subject(), List.of(), List.of());
    }
    List<Candidate> candidates = Candidate.of(run.input().main().sites(), run.input().decoders());
    List<Found> found =
        run.everywhere("row-wise split", run.rowwise(), candidates).stream()
            .map(one -> new Found(one.choice(), run.estimate(one.heldOut().merit())))
            .toList();
    return working ->
        new Result(
            run.subject(),
            ControlResult.Placed.among(found, working),
            List.of(
                "The row-wise split is leaky: rows of one group stand on both sides. It is here"
                    + " for comparison only."));
  }

  /** The figure of merit of a candidate. */
  public record Found(Choice choice, Estimate merit) implements ControlResult.Placed {}

  /** The figures of every candidate; none where this was not asked for. */
  public record Result(Subject subject, List<Found> found, List<String> notes)
      implements ControlResult {
    @Override
    public List<Metric> metrics() {
      return found.stream()
          .map(one -> Subject.at(one.choice(), SPLIT, subject.merit("", one.merit())))
          .toList();
    }
  }
}
