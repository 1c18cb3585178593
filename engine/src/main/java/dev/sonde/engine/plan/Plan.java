package dev.sonde.engine.plan;

import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.data.Example;
import dev.sonde.api.data.Study;
import dev.sonde.api.evaluate.EvaluationSpec;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Reduction;
import dev.sonde.api.model.Selector;
import dev.sonde.api.probe.CaptureRequest;
import dev.sonde.api.probe.Needs;
import dev.sonde.engine.model.OpenModel;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The passes over one data set with one model: its tokens, and the union of what probes and the
 * controls of their evaluations read.
 *
 * @param tokens token ids per example
 * @param reads everything that is read, without duplicates
 */
public record Plan(List<int[]> tokens, List<Read> reads) {
  /** A plan with its lists copied. */
  public Plan {
    tokens = List.copyOf(tokens);
    reads = List.copyOf(reads);
  }

  /**
   * Plans for all needs together.
   *
   * @throws dev.sonde.api.InvalidInputException if a hook point does not exist or a prompt is too
   *     long
   */
  public static Plan of(OpenModel model, Study study, List<Needs> needs) {
    Set<Read> reads = new LinkedHashSet<>();
    for (Needs each : needs) {
      each.captures().forEach(request -> reads.addAll(reads(model, request)));
      for (EvaluationSpec spec : each.evaluations()) {
        reads.add(embedding(spec));
        reads.add(embeddingMean());
      }
    }
    return new Plan(tokens(model, study), List.copyOf(reads));
  }

  /**
   * Plans the features of evaluations only, for further data sets.
   *
   * @throws dev.sonde.api.InvalidInputException if a prompt is too long
   */
  public static Plan ofFeatures(OpenModel model, Study study, List<Needs> needs) {
    return new Plan(tokens(model, study), featureReads(model, needs));
  }

  /** The same tokens, of which another model reads the features of evaluations. */
  public Plan featuresOf(OpenModel other, List<Needs> needs) {
    return new Plan(tokens, featureReads(other, needs));
  }

  private static List<Read> featureReads(OpenModel model, List<Needs> needs) {
    return needs.stream()
        .flatMap(each -> each.evaluations().stream())
        .flatMap(spec -> reads(model, spec.features()).stream())
        .distinct()
        .toList();
  }

  /** The reads of one request, in the order of its patterns. */
  public static List<Read> reads(OpenModel model, CaptureRequest request) {
    return request.points().stream()
        .flatMap(pattern -> model.expand(pattern).stream())
        .distinct()
        .map(point -> Read.of(point, request.selector()).reduce(request.reduction()))
        .toList();
  }

  /** The embedding of the tokens that an evaluation reads. */
  public static Read embedding(EvaluationSpec spec) {
    return Read.of(HookPoint.EMBED, spec.features().selector()).reduce(spec.features().reduction());
  }

  /** The mean embedding of all tokens of a prompt. */
  public static Read embeddingMean() {
    return Read.of(HookPoint.EMBED, Selector.all()).reduce(Reduction.MEAN);
  }

  private static List<int[]> tokens(OpenModel model, Study study) {
    int longest = model.capabilities().longestContext();
    List<int[]> tokens = new ArrayList<>();
    for (Example example : study.examples()) {
      int[] ids = model.tokenizer().encode(example.text(), example.specialTokens()).ids();
      if (ids.length == 0 || ids.length > longest) {
        throw new UnsupportedCapabilityException(
            "row '%s' of %s has %d tokens; the model takes 1 to %d"
                .formatted(example.id(), study.name(), ids.length, longest));
      }
      tokens.add(ids);
    }
    return tokens;
  }
}
