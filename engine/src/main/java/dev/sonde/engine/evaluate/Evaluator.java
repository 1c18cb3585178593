package dev.sonde.engine.evaluate;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.evaluate.Evaluation;
import dev.sonde.api.evaluate.Evaluation.Choice;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.engine.data.LabelledStudy;
import dev.sonde.engine.evaluate.control.Control;
import dev.sonde.engine.evaluate.control.ControlResult;
import dev.sonde.engine.evaluate.control.Controls;
import dev.sonde.engine.evaluate.control.EvaluationInput;
import dev.sonde.engine.evaluate.control.EvaluationRun;
import dev.sonde.engine.evaluate.control.Limits;
import dev.sonde.engine.evaluate.control.NestedSelection;
import dev.sonde.engine.evaluate.control.TextGroups;
import dev.sonde.engine.evaluate.fit.Merit;
import dev.sonde.engine.evaluate.fit.Partitions;
import dev.sonde.engine.evaluate.fit.Scored;
import dev.sonde.engine.evaluate.fit.Split;
import dev.sonde.engine.experiment.Experiment.EvaluationPart;
import dev.sonde.engine.experiment.Seeds;
import dev.sonde.engine.host.Progress;
import dev.sonde.statistics.Groups;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Evaluates decoders on the hook points of a data set, with every control. */
public final class Evaluator {
  private final EvaluationPart settings;
  private final Seeds seeds;
  private final LinearAlgebra algebra;
  private final Progress progress;
  private final List<Control> controls;

  /** An evaluator with the settings of an experiment, and every control. */
  public Evaluator(EvaluationPart settings, Seeds seeds, LinearAlgebra algebra, Progress progress) {
    this(settings, seeds, algebra, progress, Controls.ALL);
  }

  /** An evaluator with some controls: what one finds does not depend on the others. */
  public Evaluator(
      EvaluationPart settings,
      Seeds seeds,
      LinearAlgebra algebra,
      Progress progress,
      List<Control> controls) {
    this.settings = settings;
    this.seeds = seeds;
    this.algebra = algebra;
    this.progress = progress;
    this.controls = List.copyOf(controls);
  }

  /**
   * A finished evaluation.
   *
   * @param found for the report
   * @param evaluation for the probe
   */
  public record Result(Evaluated found, Evaluation evaluation) {}

  /**
   * Runs all of it. A decoder that fails is left out of everything, and the others' work is kept.
   *
   * @throws InvalidInputException if the study has no labels, or a training side one class only
   * @throws dev.sonde.engine.evaluate.fit.DecoderFailure if every decoder failed
   */
  public Result evaluate(EvaluationInput input) {
    LabelledStudy study = input.main().study();
    Targets targets =
        study
            .targets()
            .orElseThrow(
                () ->
                    new InvalidInputException(
                        "%s: evaluation needs data.label and data.positive"
                            .formatted(study.source())));
    List<List<Split>> partitions = partitions(study);
    requireBothClasses(study, targets, partitions);
    EvaluationRun run =
        new EvaluationRun(input, targets, partitions, settings, seeds, algebra, progress);
    List<Control.Measured> measured =
        controls.stream().map(control -> control.measure(run)).toList();
    Evaluated found = evaluated(run, measured);
    return new Result(found, new HeldOutEvaluation(run, found));
  }

  private List<List<Split>> partitions(LabelledStudy study) {
    if (study.handMadeSplit().isPresent()) {
      int[] sides = study.handMadeSplit().get();
      return List.of(
          List.of(
              new Split(
                  IntStream.range(0, sides.length).filter(r -> sides[r] == 0).toArray(),
                  IntStream.range(0, sides.length).filter(r -> sides[r] == 1).toArray())));
    }
    return Partitions.of(TextGroups.of(study).groups(), settings.folds(), seeds);
  }

  /** Folds know nothing of labels, so a fold may lack a class by chance; no data set may. */
  private static void requireBothClasses(
      LabelledStudy study, Targets targets, List<List<Split>> partitions) {
    boolean lacking =
        study.handMadeSplit().isPresent()
            ? !targets.select(partitions.getFirst().getFirst().train()).vary()
            : varyInOneGroupOnly(targets, Groups.of(TextGroups.of(study).groups()));
    if (lacking) {
      throw new InvalidInputException(
          "%s: a training side of the split holds one class only; too few groups hold '%s' or"
                  .formatted(study.source(), targets.positiveName())
              + " '%s'".formatted(targets.negativeName()));
    }
  }

  /** Whether there is a group without which all labels are alike. */
  private static boolean varyInOneGroupOnly(Targets targets, Groups groups) {
    int outside =
        IntStream.range(0, targets.size())
            .filter(row -> groups.of(row) != groups.of(0))
            .findFirst()
            .orElse(0);
    return othersInOneGroup(targets, groups, targets.value(0))
        || othersInOneGroup(targets, groups, targets.value(outside));
  }

  private static boolean othersInOneGroup(Targets targets, Groups groups, double value) {
    return IntStream.range(0, targets.size())
            .filter(row -> targets.value(row) != value)
            .map(groups::of)
            .distinct()
            .limit(2)
            .count()
        < 2;
  }

  /** What was found of the decoders that never failed. */
  private static Evaluated evaluated(EvaluationRun run, List<Control.Measured> measured) {
    Set<String> working = run.working();
    List<ControlResult> controls = new ArrayList<>();
    measured.forEach(one -> controls.add(one.among(working)));
    controls.add(Limits.of(run, controls));
    List<Scored> scored = run.scored();
    Optional<Margin> margin =
        controls.stream()
            .filter(NestedSelection.Result.class::isInstance)
            .map(NestedSelection.Result.class::cast)
            .findFirst()
            .flatMap(nested -> Margin.of(run, nested, Evaluated.rivals(controls)));
    return new Evaluated(
        run.subject(),
        scored.stream().map(one -> Tried.of(run, one)).toList(),
        controls,
        margin,
        remark(run, scored),
        run.failed());
  }

  private static String remark(EvaluationRun run, List<Scored> scored) {
    Targets targets = run.targets();
    Choice best = Scored.best(scored.stream(), Scored::rank).choice();
    return "%d rows in %d groups, %s; the highest figure of %d tried is %s at %s."
        .formatted(
            targets.size(),
            run.groupCount(),
            Merit.of(targets) == Merit.AUROC
                ? "%d labelled %s".formatted(targets.positives(), targets.positiveName())
                : "labels graded",
            scored.size(),
            best.decoder(),
            best.point());
  }
}
