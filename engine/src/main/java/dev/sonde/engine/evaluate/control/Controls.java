package dev.sonde.engine.evaluate.control;

import java.util.List;

/** The controls that every evaluation gets. */
public final class Controls {
  /** In the order in which they run and are reported. */
  public static final List<Control> ALL =
      List.of(
          new NestedSelection(),
          new PermutationTest(),
          new Selectivity(),
          new ContrastPairs(),
          new Residualisation(),
          new BesideConfounds(),
          new Classes(),
          new Baselines(),
          new FreshWeights(),
          new DescriptionLength(),
          new LeaveOneGroupOut(),
          new RowwiseSplit(),
          new Transfer(),
          new Outliers(),
          new ErasedLabel(),
          new Convergence(),
          new Refit());

  private Controls() {}
}
