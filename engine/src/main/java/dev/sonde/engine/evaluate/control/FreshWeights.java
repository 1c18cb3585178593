package dev.sonde.engine.evaluate.control;

import dev.sonde.api.evaluate.Evaluation.Choice;
import dev.sonde.api.report.Metric;
import dev.sonde.engine.evaluate.fit.Candidate;
import dev.sonde.engine.evaluate.fit.Measure;
import dev.sonde.engine.evaluate.fit.Scored;
import dev.sonde.statistics.Estimate;
import java.util.List;

/** The whole search once more on a model of the same shape that was never trained. */
public final class FreshWeights implements Control {
  private static final Rival.Words RANDOM_INIT =
      new Rival.Words(
          "random_init",
          "fresh weights",
          "a model with fresh weights",
          "the same search on an untrained model");

  @Override
  public Measured measure(EvaluationRun run) {
    if (run.input().freshSites().isEmpty()) {
      return working -> new Result(run.subject(), List.of(), List.of());
    }
    List<Candidate> candidates = Candidate.of(run.input().freshSites(), run.input().decoders());
    List<Scored> scored = run.everywhere("fresh weights", run.outer(), candidates);
    List<Found> found =
        scored.stream()
            .map(one -> new Found(one.choice(), run.estimate(one.heldOut().merit())))
            .toList();
    InnerChoice choice = new InnerChoice(run, candidates, scored);
    return working -> {
      Measure nested = choice.merit(working);
      return new Result(
          run.subject(),
          ControlResult.Placed.among(found, working),
          List.of(new Rival(RANDOM_INIT, nested, run.estimate(nested))));
    };
  }

  /** The figure of merit of a candidate on the untrained model. */
  public record Found(Choice choice, Estimate merit) implements ControlResult.Placed {}

  /**
   * What the search finds there.
   *
   * @param found of each candidate; empty where there is no such model
   * @param rivals the nested figure, where there is one
   */
  public record Result(Subject subject, List<Found> found, List<Rival> rivals)
      implements ControlResult {
    @Override
    public List<Metric> metrics() {
      return found.stream()
          .map(
              one ->
                  Subject.at(one.choice(), "grouped", subject.merit(".random_init", one.merit())))
          .toList();
    }
  }
}
