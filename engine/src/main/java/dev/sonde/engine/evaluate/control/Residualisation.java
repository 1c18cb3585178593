package dev.sonde.engine.evaluate.control;

import dev.sonde.api.evaluate.Evaluation.Choice;
import dev.sonde.api.report.Metric;
import dev.sonde.engine.evaluate.control.Confounds.Effect;
import dev.sonde.engine.evaluate.fit.Candidate;
import dev.sonde.engine.evaluate.fit.HeldOutScores;
import dev.sonde.statistics.Estimate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What is left once the effect of confounds is taken out of the features. */
public final class Residualisation implements Control {
  @Override
  public Measured measure(EvaluationRun run) {
    List<String> names = run.input().confounds();
    List<Found> found = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    for (Effect effect : List.of(Effect.STEPS, Effect.LINEAR)) {
      Confounds confounds = Confounds.of(names, run.study().examples(), effect);
      if (confounds.none()) {
        notes.add(
            "No residualised figure: %s do not vary, or no confounds were named.".formatted(names));
        break;
      }
      found.addAll(
          run.atBestPoints("residualisation", best -> found(run, confounds, effect, best)));
    }
    return working ->
        new Result(
            run.subject(), names, ControlResult.Placed.among(found, working), List.copyOf(notes));
  }

  private static Found found(
      EvaluationRun run, Confounds confounds, Effect effect, Candidate best) {
    HeldOutScores heldOut =
        run.outer()
            .heldOut(
                split -> confounds.residuals(best.features(), split, run.algebra()),
                best.decoder(),
                run.targets());
    return new Found(best.choice(), effect, run.estimate(heldOut.merit()));
  }

  /** The figure of merit of a decoder with an effect taken out. */
  public record Found(Choice choice, Effect effect, Estimate merit)
      implements ControlResult.Placed {}

  /**
   * What is left, per effect and decoder.
   *
   * @param confounds the names of what was taken out
   */
  public record Result(
      Subject subject, List<String> confounds, List<Found> found, List<String> notes)
      implements ControlResult {
    @Override
    public List<Metric> metrics() {
      return found.stream()
          .map(
              one ->
                  Subject.at(one.choice(), "grouped", subject.merit(".residualised", one.merit()))
                      .where("confounds", String.join(",", confounds))
                      .where("effect", one.effect().name().toLowerCase(Locale.ROOT)))
          .toList();
    }
  }
}
