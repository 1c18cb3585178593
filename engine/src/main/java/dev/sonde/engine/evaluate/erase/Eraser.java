package dev.sonde.engine.evaluate.erase;

import dev.sonde.api.evaluate.Targets;
import dev.sonde.engine.experiment.Experiment.ErasePart;
import java.util.LinkedHashMap;
import java.util.Map;

/** A way to take a label out of features. */
public interface Eraser {
  /**
   * Fits the erasure of some labels.
   *
   * @param labels one per row; where all are alike nothing is erased
   */
  Erasure fit(EraserRows rows, Targets labels);

  /** Those that an experiment names, in its order, by their names there. */
  static Map<String, Eraser> named(ErasePart part) {
    Map<String, Eraser> erasers = new LinkedHashMap<>();
    for (String name : part.methods()) {
      erasers.put(
          name,
          switch (name) {
            case ErasePart.LEACE -> new Leace(part.shrinkage());
            case ErasePart.INLP -> new NullspaceProjection(part.rounds());
            case ErasePart.MEAN_PROJECTION -> new MeanProjection();
            default -> throw new IllegalArgumentException("no eraser is called " + name);
          });
    }
    return erasers;
  }
}
