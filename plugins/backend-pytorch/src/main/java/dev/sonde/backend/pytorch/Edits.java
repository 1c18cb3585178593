package dev.sonde.backend.pytorch;

import ai.djl.pytorch.engine.PtNDArray;
import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Intervention;
import dev.sonde.api.model.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The interventions of some runs of tokens, by hook point and with the rows they change. Those of
 * attention scores are {@link PackedTokens}' to make.
 */
final class Edits {
  private final Map<HookPoint, Map<Intervention, List<Integer>>> rows = new LinkedHashMap<>();

  /**
   * Adds the interventions of a sequence.
   *
   * @param start where its first token stands, or would stand, among the rows
   * @param from the first of its tokens that is there
   * @param to the one after the last
   */
  void add(Sequence sequence, int start, int from, int to) {
    for (Intervention each : sequence.interventions()) {
      if (each.point().isEdge()) {
        continue;
      }
      List<Integer> changed =
          rows.computeIfAbsent(each.point(), p -> new LinkedHashMap<>())
              .computeIfAbsent(each, i -> new ArrayList<>());
      for (int token : tokens(each, sequence, to)) {
        if (token >= from && token < to) {
          changed.add(start + token);
        }
      }
    }
  }

  /** The tokens that an intervention changes; those behind the sequence's own were generated. */
  private static int[] tokens(Intervention each, Sequence sequence, int to) {
    int length = sequence.length();
    IntStream given =
        each.phase() == Intervention.Phase.GENERATED
            ? IntStream.empty()
            : IntStream.of(each.selector().tokens(sequence));
    IntStream generated =
        each.phase() == Intervention.Phase.PROMPT
            ? IntStream.empty()
            : IntStream.range(length, Math.max(length, to));
    return IntStream.concat(given, generated).toArray();
  }

  /** The first token that any intervention of a sequence changes; its length if there is none. */
  static int firstChanged(Sequence sequence) {
    return sequence.interventions().stream()
        .mapToInt(each -> IntStream.of(tokens(each, sequence, 0)).min().orElse(sequence.length()))
        .min()
        .orElse(sequence.length());
  }

  /** Whether anything is changed at a point. */
  boolean touches(HookPoint point) {
    return rows.containsKey(point);
  }

  /** Whether the input or output of any linear is changed. */
  boolean touchesLinears() {
    return rows.keySet().stream().anyMatch(HookPoint::isLinear);
  }

  /**
   * Changes activations.
   *
   * @param activations {@code [tokens, …]}
   */
  PtNDArray at(Torch.Scope scope, HookPoint point, PtNDArray activations) {
    PtNDArray changed = activations;
    for (var entry : rows.getOrDefault(point, Map.of()).entrySet()) {
      if (!entry.getValue().isEmpty()) {
        changed = apply(scope, entry.getKey(), entry.getValue(), changed);
      }
    }
    return changed;
  }

  private static PtNDArray apply(
      Torch.Scope scope, Intervention each, List<Integer> rows, PtNDArray activations) {
    int[] places = rows.stream().mapToInt(Integer::intValue).toArray();
    long width = activations.getShape().size() / activations.getShape().get(0);
    float[] values = each.values();
    if (values.length % width != 0) {
      throw new UnsupportedCapabilityException(
          "%s: %d numbers for rows of width %d".formatted(each, values.length, width));
    }
    if (each.kind().equals(Intervention.ERASE) && values.length != 3 * width) {
      throw new UnsupportedCapabilityException(
          "%s: %d rows, where what is removed, what is read and the mean are needed"
              .formatted(each, values.length / width));
    }
    return scope.call(
        "intervene",
        activations,
        scope.integers(places),
        scope.floats(values, values.length / width, width),
        each.amount(),
        each.kind(),
        each.keepsNorm());
  }
}
