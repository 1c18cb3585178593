package dev.sonde.engine.evaluate.fit;

import dev.sonde.api.evaluate.Targets;
import dev.sonde.engine.evaluate.fit.Measure.Agreement;
import dev.sonde.engine.evaluate.fit.Measure.Part;
import dev.sonde.statistics.Groups;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Held-out scores and the folds they come from. Scores of different folds come from different fits
 * and are compared within a fold only, except in the pooled figure.
 *
 * @param scores per row; NaN for rows that were never held out
 */
public record HeldOutScores(double[] scores, List<Split> splits, Targets targets) {

  /** AUROC within folds weighted by pairs; of graded targets Spearman's weighted by rows. */
  public Measure merit() {
    return within(this::meritOf);
  }

  /** The same, asked of pairs between groups or inside them. */
  public Measure merit(Question question, Groups groups) {
    return new Measure(
        splits.stream()
            .flatMap(split -> question.parts(scores, targets, split.test(), groups).stream())
            .toList(),
        scores.length);
  }

  /**
   * The same of rows that are alike in something: within folds and strata.
   *
   * @param strata of each row
   */
  public Measure meritWithin(int[] strata) {
    return new Measure(
        splits.stream()
            .flatMap(
                split ->
                    Arrays.stream(split.test())
                        .map(row -> strata[row])
                        .distinct()
                        .mapToObj(
                            stratum ->
                                Arrays.stream(split.test())
                                    .filter(row -> strata[row] == stratum)
                                    .toArray()))
            .filter(rows -> targets.select(rows).vary())
            .map(rows -> part(rows, this::meritOf))
            .toList(),
        scores.length);
  }

  /** The same over all held-out rows together. */
  public Measure pooledMerit() {
    return new Measure(List.of(part(heldOutRows(), this::meritOf)), scores.length);
  }

  /** Spearman's correlation of scores and targets within folds. */
  public Measure spearman() {
    return within(Agreement::spearman);
  }

  /**
   * Spearman's partial correlation within folds.
   *
   * @param given what is held fixed, one per row of the data set
   */
  public Measure spearmanGiven(double[] given) {
    return new Measure(
        splits.stream()
            .map(
                split ->
                    part(
                        split.test(),
                        (own, labels) ->
                            Agreement.spearmanGiven(
                                own,
                                labels,
                                Arrays.stream(split.test()).mapToDouble(r -> given[r]).toArray())))
            .toList(),
        scores.length);
  }

  /** Pearson's correlation of scores and targets within folds. */
  public Measure pearson() {
    return within(Agreement::pearson);
  }

  /** The average precision within folds, weighted by positive rows. */
  public Measure averagePrecision() {
    return within(Agreement::averagePrecision);
  }

  /**
   * The share of positive rows found within folds, weighted by positive rows.
   *
   * @param falsePositives the share of negative rows of a fold that may be found with them
   */
  public Measure recall(double falsePositives) {
    return within((own, labels) -> Agreement.recall(own, labels, falsePositives));
  }

  private interface Figure {
    Agreement of(double[] scores, Targets targets);
  }

  private Measure within(Figure figure) {
    return new Measure(
        splits.stream().map(split -> part(split.test(), figure)).toList(), scores.length);
  }

  private Part part(int[] rows, Figure figure) {
    double[] own = Arrays.stream(rows).mapToDouble(row -> scores[row]).toArray();
    return new Part(rows, figure.of(own, targets.select(rows)));
  }

  private Agreement meritOf(double[] some, Targets labels) {
    return Merit.of(labels) == Merit.AUROC
        ? Agreement.auroc(some, labels)
        : Agreement.spearman(some, labels);
  }

  private int[] heldOutRows() {
    return IntStream.range(0, scores.length).filter(r -> !Double.isNaN(scores[r])).toArray();
  }
}
