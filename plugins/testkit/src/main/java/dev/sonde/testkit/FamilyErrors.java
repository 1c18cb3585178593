package dev.sonde.testkit;

import dev.sonde.api.model.HookPoint;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** The worst errors of each family by what its hook points show. */
final class FamilyErrors {
  private final Map<String, Map<Group, Double>> byFamily = new TreeMap<>();

  /** Kinds of hook points. */
  enum Group {
    /** Embeddings, the residual stream, what sub-layers see and add. */
    STREAM("stream"),
    /** Scales and normalised values. */
    NORMS("norms"),
    /** Queries, keys, values, what heads mix. */
    HEADS("heads"),
    /** Scores and patterns. */
    SCORES("scores"),
    /** Inside the MLP, or the logits of a router. */
    MLP("MLP"),
    /** Inputs and outputs of linears. */
    LINEARS("linears"),
    /** Logits. */
    LOGITS("logits"),
    /** Log-probabilities, in nats. */
    NATS("log-probabilities, nats");

    private final String title;

    Group(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }

    static Group of(HookPoint point) {
      String site = point.site();
      if (point.isLinear()) {
        return LINEARS;
      }
      if (point.equals(HookPoint.LOGITS)) {
        return LOGITS;
      }
      if (point.equals(HookPoint.LOG_PROB)) {
        return NATS;
      }
      if (point.isEdge()) {
        return SCORES;
      }
      if (site.startsWith("attn.")) {
        return HEADS;
      }
      if (site.startsWith("mlp.")) {
        return MLP;
      }
      return site.startsWith("ln") ? NORMS : STREAM;
    }
  }

  /** Adds what was measured of one model of a family. */
  void add(String family, Map<HookPoint, RowErrors> errors) {
    Map<Group, Double> worst = byFamily.computeIfAbsent(family, f -> new EnumMap<>(Group.class));
    errors.forEach((point, error) -> worst.merge(Group.of(point), error.worst(), Math::max));
  }

  /** By family and group; a group that was not recorded is missing. */
  Map<String, Map<Group, Double>> byFamily() {
    return byFamily;
  }
}
