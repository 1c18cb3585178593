package dev.sonde.engine.evaluate.control;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import dev.sonde.engine.data.LabelledStudy;
import java.util.Map;

/**
 * A data set and its features.
 *
 * @param sites features per hook point, {@code [examples, width]}
 */
public record SetFeatures(LabelledStudy study, Map<HookPoint, Matrix> sites) {
  /** The features at a hook point. */
  Matrix at(HookPoint point) {
    Matrix matrix = sites.get(point);
    if (matrix == null) {
      throw new IllegalArgumentException(point + " was not captured on " + study.name());
    }
    return matrix;
  }
}
