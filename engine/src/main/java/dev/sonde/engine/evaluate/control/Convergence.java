package dev.sonde.engine.evaluate.control;

import dev.sonde.api.report.Metric;
import dev.sonde.engine.evaluate.fit.CrossValidation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What fits on the outer splits had to say of themselves, such as that they did not converge. */
public final class Convergence implements Control {
  @Override
  public Measured measure(EvaluationRun run) {
    return working -> new Result(notes(run, working));
  }

  private static List<String> notes(EvaluationRun run, Set<String> working) {
    List<String> notes = new ArrayList<>();
    run.input()
        .decoders()
        .forEach(
            (name, decoder) -> {
              CrossValidation.Remarks remarks = run.outer().remarks(decoder);
              if (working.contains(name)) {
                remarks
                    .each()
                    .forEach(
                        (text, fits) ->
                            notes.add(
                                "%s, in %d of %d fits: %s."
                                    .formatted(name, fits, remarks.fits(), text)));
              }
            });
    return notes;
  }

  /** What a reader should know of them. */
  public record Result(List<String> notes) implements ControlResult {
    @Override
    public List<Metric> metrics() {
      return List.of();
    }
  }
}
