package dev.sonde.engine.pass;

import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.CaptureRequest;
import dev.sonde.engine.model.OpenModel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Requests with their patterns expanded: the reads of a model. */
public final class Reads {
  private Reads() {}

  /**
   * The reads of one request, in the order of its tokens and patterns.
   *
   * @throws dev.sonde.api.InvalidInputException if a hook point does not exist or cannot be stored
   */
  public static List<Read> of(OpenModel model, CaptureRequest request) {
    return List.copyOf(named(model, request).values());
  }

  /** The same under the names by which the request calls them. */
  public static Map<HookPoint, Read> named(OpenModel model, CaptureRequest request) {
    Map<HookPoint, Read> reads = new LinkedHashMap<>();
    for (CaptureRequest each : request.each()) {
      for (String pattern : each.points()) {
        for (HookPoint point : model.expand(pattern)) {
          Read read = Read.of(point, each.selector()).reduce(each.reduction());
          requireMatrix(read);
          reads.put(request.named(each, point), read);
        }
      }
    }
    return reads;
  }

  /** The embeddings of the tokens that an evaluation reads, one read a kind of tokens. */
  public static List<Read> embeddings(CaptureRequest request) {
    return request.each().stream()
        .map(each -> Read.of(HookPoint.EMBED, each.selector()).reduce(each.reduction()))
        .toList();
  }

  /** The mean embedding of all tokens of a prompt. */
  public static Read embeddingMean() {
    return Read.of(HookPoint.EMBED, Selector.all()).reduce(Read.MEAN);
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

  static void requireTokens(Read read, TokenRows rows) {
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
}
