package dev.sonde.engine.evaluate.control;

import dev.sonde.api.evaluate.Evaluation.Choice;
import dev.sonde.api.report.Metric;
import dev.sonde.engine.evaluate.fit.Merit;
import dev.sonde.statistics.Estimate;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** What a label costs in an online code, see {@link OnlineCode}. */
public final class DescriptionLength implements Control {
  @Override
  public Measured measure(EvaluationRun run) {
    if (run.merit() != Merit.AUROC) {
      return working -> new Result(run.subject(), List.of(), List.of());
    }
    Optional<OnlineCode> code =
        OnlineCode.of(run.targets(), run.groups(), run.seeds(), run.algebra());
    if (code.isEmpty()) {
      return working ->
          new Result(
              run.subject(),
              List.of(),
              List.of("No online code: there are too few groups for three blocks."));
    }
    OnlineCode blocks = code.get();
    List<Found> found =
        run.atBestPoints(
            "online code",
            best ->
                new Found(
                    best.choice(),
                    run.intervals()
                        .mean(
                            blocks.bits(best.features(), best.decoder()),
                            IntStream.range(0, run.targets().size()).toArray()),
                    blocks.blocks()));
    return working ->
        new Result(run.subject(), ControlResult.Placed.among(found, working), List.of());
  }

  /**
   * What a label costs one decoder.
   *
   * @param bits the mean over rows
   * @param blocks in how many blocks they were sent
   */
  public record Found(Choice choice, Estimate bits, int blocks) implements ControlResult.Placed {}

  /** What a label costs each decoder; none of graded labels, and where groups are too few. */
  public record Result(Subject subject, List<Found> found, List<String> notes)
      implements ControlResult {
    @Override
    public List<Metric> metrics() {
      return found.stream()
          .map(
              one ->
                  Subject.at(
                          one.choice(), "grouped", subject.metric("mdl.bits_per_label", one.bits()))
                      .where("blocks", one.blocks())
                      .unit("bits"))
          .toList();
    }
  }
}
