package dev.sonde.engine.evaluate.control;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import dev.sonde.engine.data.LabelledStudy;
import java.util.Map;
import java.util.Optional;

/**
 * A data set and its features.
 *
 * @param sites features per hook point, {@code [examples, width]}
 * @param embedding the embedding of the read tokens, where it was captured
 * @param embeddingMean the mean embedding of all tokens of the prompt, where it was captured
 */
public record SetFeatures(
    LabelledStudy study,
    Map<HookPoint, Matrix> sites,
    Optional<Matrix> embedding,
    Optional<Matrix> embeddingMean) {
  /** A set without embeddings. */
  public SetFeatures(LabelledStudy study, Map<HookPoint, Matrix> sites) {
    this(study, sites, Optional.empty(), Optional.empty());
  }

  /** The features at a hook point. */
  Matrix at(HookPoint point) {
    Matrix matrix = sites.get(point);
    if (matrix == null) {
      throw new IllegalArgumentException(point + " was not captured on " + study.name());
    }
    return matrix;
  }
}
