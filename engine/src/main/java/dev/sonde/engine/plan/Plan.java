package dev.sonde.engine.plan;

import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.data.Study;
import dev.sonde.api.evaluate.EvaluationSpec;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.CaptureRequest;
import dev.sonde.api.probe.Needs;
import dev.sonde.engine.model.OpenModel;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The passes over one data set with one model: its tokens, and the union of what probes and the
 * controls of their evaluations read.
 *
 * @param model the model
 * @param rows the prompts
 * @param reads everything that is read, without duplicates
 */
public record Plan(OpenModel model, TokenRows rows, List<Read> reads) {
  /** A plan with its list copied. */
  public Plan {
    reads = List.copyOf(reads);
  }

  /**
   * Plans for all needs together.
   *
   * @param truncation what becomes of prompts that are too long
   * @throws dev.sonde.api.InvalidInputException if a hook point does not exist or cannot be stored,
   *     a prompt is too long, or one is too short for a read
   */
  public static Plan of(OpenModel model, Study study, List<Needs> needs, Truncation truncation) {
    Set<Read> reads = new LinkedHashSet<>();
    needs.forEach(each -> reads.addAll(reads(model, each)));
    TokenRows rows = TokenRows.of(model, study, truncation);
    reads.forEach(read -> requireTokens(read, rows));
    return new Plan(model, rows, List.copyOf(reads));
  }

  /** What one probe reads, the controls of its evaluations included. */
  public static List<Read> reads(OpenModel model, Needs needs) {
    Set<Read> reads = new LinkedHashSet<>();
    needs.captures().forEach(request -> reads.addAll(reads(model, request)));
    for (EvaluationSpec spec : needs.evaluations()) {
      reads.add(embedding(spec));
      reads.add(embeddingMean());
    }
    return List.copyOf(reads);
  }

  /**
   * Plans the features of evaluations only, for further data sets.
   *
   * @throws dev.sonde.api.InvalidInputException if a prompt is too long, or too short for a read
   */
  public static Plan ofFeatures(
      OpenModel model, Study study, List<Needs> needs, Truncation truncation) {
    List<Read> reads = featureReads(model, needs);
    TokenRows rows = TokenRows.of(model, study, truncation);
    reads.forEach(read -> requireTokens(read, rows));
    return new Plan(model, rows, reads);
  }

  /** The same tokens, of which another model reads the features of evaluations. */
  public Plan featuresOf(OpenModel other, List<Needs> needs) {
    return new Plan(other, rows, featureReads(other, needs));
  }

  private static List<Read> featureReads(OpenModel model, List<Needs> needs) {
    return needs.stream()
        .flatMap(each -> each.evaluations().stream())
        .flatMap(spec -> reads(model, spec.features()).stream())
        .distinct()
        .toList();
  }

  /**
   * The reads of one request, in the order of its patterns.
   *
   * @throws dev.sonde.api.InvalidInputException if a hook point does not exist or cannot be stored
   */
  public static List<Read> reads(OpenModel model, CaptureRequest request) {
    List<Read> reads =
        request.points().stream()
            .flatMap(pattern -> model.expand(pattern).stream())
            .distinct()
            .map(point -> Read.of(point, request.selector()).reduce(request.reduction()))
            .toList();
    reads.forEach(Plan::requireMatrix);
    return reads;
  }

  /** A stored read is a matrix with rows that follow from the prompts alone. */
  private static void requireMatrix(Read read) {
    if (read.point().isEdge()) {
      throw new UnsupportedCapabilityException(
          "%s cannot be captured: a token's row holds one number per head and earlier token, so rows differ in length and are no matrix; read attn.hook_z or attn.hook_result, or let a probe run the model itself"
              .formatted(read.point()));
    }
    if (read.point().equals(HookPoint.LOG_PROB)) {
      throw new UnsupportedCapabilityException(
          "log_prob cannot be captured: prompts of a data set name no targets; read logits, or let a probe run the model itself");
    }
    if (read.selector().kind().equals(Selector.SPANS)) {
      throw new UnsupportedCapabilityException(
          "%s cannot be captured: prompts of a data set name no spans; read last, first, index:N, all, mean or max"
              .formatted(read));
    }
  }

  private static void requireTokens(Read read, TokenRows rows) {
    for (int row = 0; row < rows.ids().size(); row++) {
      try {
        read.selector().runs(Sequence.of(rows.ids().get(row)));
      } catch (UnsupportedCapabilityException e) {
        throw new UnsupportedCapabilityException(
            "row '%s' of %s has %d tokens: there is no token %d (%s)"
                .formatted(
                    rows.study().examples().get(row).id(),
                    rows.study().name(),
                    rows.ids().get(row).length,
                    read.selector().index(),
                    read));
      }
    }
  }

  /** The embedding of the tokens that an evaluation reads. */
  public static Read embedding(EvaluationSpec spec) {
    return Read.of(HookPoint.EMBED, spec.features().selector()).reduce(spec.features().reduction());
  }

  /** The mean embedding of all tokens of a prompt. */
  public static Read embeddingMean() {
    return Read.of(HookPoint.EMBED, Selector.all()).reduce(Read.MEAN);
  }
}
