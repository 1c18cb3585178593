package dev.sonde.engine.evaluate.fit;

import dev.sonde.api.evaluate.Targets;

/** The figure that a choice goes by and that is tested. */
public enum Merit {
  /** The area under the ROC curve, of labels of two classes. */
  AUROC("auroc", "AUROC", 0.5),
  /** Spearman's rank correlation with graded labels. */
  SPEARMAN("spearman.label", "Spearman", 0);

  private final String metric;
  private final String title;
  private final double chance;

  Merit(String metric, String title, double chance) {
    this.metric = metric;
    this.title = title;
    this.chance = chance;
  }

  /** The figure that suits some labels. */
  public static Merit of(Targets targets) {
    return targets.isBinary() ? AUROC : SPEARMAN;
  }

  /** The name of its metrics. */
  public String metric() {
    return metric;
  }

  /** Its name for readers. */
  public String title() {
    return title;
  }

  /** The lowest that it can be; the highest is 1. */
  public double lowest() {
    return this == AUROC ? 0 : -1;
  }

  /** What scores reach that say nothing. */
  public double chance() {
    return chance;
  }
}
