package dev.sonde.engine.evaluate.control;

import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import java.util.List;
import java.util.Map;

/**
 * What to evaluate.
 *
 * @param main the data set, which has labels, and its features
 * @param freshSites the same features of a model with fresh weights; empty where there is none
 * @param others further labelled data sets, to which decoders are carried over
 * @param decoders by short name
 * @param embedding the embedding of the read tokens, for the baseline
 * @param embeddingMean the mean embedding of all tokens of the prompt, for the baseline
 * @param confounds names, see {@link Confounds}
 * @param splits names of splits beside the grouped one: rowwise, leave_one_group_out
 */
public record EvaluationInput(
    SetFeatures main,
    Map<HookPoint, Matrix> freshSites,
    List<SetFeatures> others,
    Map<String, Decoder> decoders,
    Matrix embedding,
    Matrix embeddingMean,
    List<String> confounds,
    List<String> splits) {}
