package dev.sonde.engine.evaluate.control;

import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.report.Metric;
import dev.sonde.engine.evaluate.fit.Merit;
import dev.sonde.statistics.Groups;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the design of the data does not let be told, whatever the figures are. */
public final class Limits {
  /** Groups that must hold each class. */
  static final int GROUPS_A_CLASS = 6;

  /** A confound that reaches so much is the label under another name. */
  private static final double THE_LABEL = 0.98;

  private Limits() {}

  /** Why something cannot be told. */
  public enum Reason {
    /** Fewer than six groups hold one of the classes; of graded labels, fewer than six groups. */
    FEW_GROUPS,
    /** No labeling could give a p of .01 or less. */
    SMALLEST_P,
    /** A confound predicts the label, so that what decodes one decodes the other. */
    CONFOUND_IS_LABEL
  }

  /**
   * Something that cannot be told.
   *
   * @param because what stands against it, with its numbers
   * @param needed what would let it be told
   */
  public record CannotBeTold(Reason reason, String because, String needed) {}

  /** What cannot be told of an evaluation, after all its controls. */
  public static Result of(EvaluationRun run, List<ControlResult> controls) {
    List<CannotBeTold> found = new ArrayList<>();
    fewGroups(run.targets(), run.numberedGroups()).ifPresent(found::add);
    for (ControlResult control : controls) {
      if (control instanceof PermutationTest.Result tests) {
        tests.claim().flatMap(test -> coarse(run, test)).ifPresent(found::add);
      } else if (control instanceof Baselines.Result baselines) {
        baselines.confounds().stream()
            .filter(rival -> rival.rank() >= THE_LABEL)
            .findFirst()
            .map(rival -> isLabel(run, rival))
            .ifPresent(found::add);
      }
    }
    return new Result(List.copyOf(found), run.textGroups());
  }

  /** Whether too few groups hold a class. */
  static Optional<CannotBeTold> fewGroups(Targets targets, Groups groups) {
    if (Merit.of(targets) == Merit.SPEARMAN) {
      return groups.count() >= GROUPS_A_CLASS
          ? Optional.empty()
          : Optional.of(
              few("there are %d groups".formatted(groups.count()), "six groups at least"));
    }
    int positive = Intervals.holding(targets, groups, true);
    int negative = Intervals.holding(targets, groups, false);
    return Math.min(positive, negative) >= GROUPS_A_CLASS
        ? Optional.empty()
        : Optional.of(
            few(
                "%d groups hold '%s' and %d '%s'"
                    .formatted(positive, targets.positiveName(), negative, targets.negativeName()),
                "six groups of each class at least"));
  }

  private static CannotBeTold few(String because, String needed) {
    return new CannotBeTold(Reason.FEW_GROUPS, because, needed);
  }

  private static Optional<CannotBeTold> coarse(EvaluationRun run, NullTest test) {
    if (test.smallest() <= Candidates.FINE_ENOUGH) {
      return Optional.empty();
    }
    boolean drawn = 1.0 / (1 + run.settings().permutations()) > Candidates.FINE_ENOUGH;
    boolean paid = !run.candidates().cheap();
    return Optional.of(
        new CannotBeTold(
            Reason.SMALLEST_P,
            "no p below %.3f can be reached".formatted(test.smallest()),
            drawn
                ? "evaluation.permutations of 99 at least"
                : paid
                    ? "evaluation.refits of %d at least".formatted(99 * run.candidates().fits())
                    : "more groups, or groups that differ in their labels"));
  }

  private static CannotBeTold isLabel(EvaluationRun run, Rival rival) {
    return new CannotBeTold(
        Reason.CONFOUND_IS_LABEL,
        "%s predicts '%s' with %s %.3f"
            .formatted(
                rival.words().subject(),
                run.targets().positiveName(),
                run.merit().title(),
                rival.estimate().value()),
        "rows in which the label and %s differ".formatted(rival.words().subject()));
  }

  /**
   * What cannot be told.
   *
   * @param reasons none where the design lets everything be told
   * @param groups what counts as a group
   */
  public record Result(List<CannotBeTold> reasons, TextGroups groups) implements ControlResult {
    @Override
    public List<Metric> metrics() {
      return List.of();
    }

    @Override
    public List<String> notes() {
      return groups.notes();
    }
  }
}
