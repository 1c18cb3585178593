package dev.sonde.probe.influence.read;

import dev.sonde.api.SondeException;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.Batch;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.Rows;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.Model;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Streams what linears take and the gradients of what they give, one linear and some whole items at
 * a time; nothing outlives its turn but what is to be kept.
 */
public final class Gradients {
  private final Model model;
  private final List<LinearModule> linears;
  private final int tokensAtOnce;
  private Optional<Kept> kept = Optional.empty();

  /** Rows of some items, by whose labels their loss was taken. */
  private record Kept(List<TokenizedText> items, Map<LossLabels, List<GradientRows>> rows) {}

  /**
   * Over some linears.
   *
   * @param tokensAtOnce most tokens whose rows are held, unless one item has more
   */
  public Gradients(Model model, List<LinearModule> linears, int tokensAtOnce) {
    this.model = model;
    this.linears = linears;
    this.tokensAtOnce = tokensAtOnce;
  }

  /** The linears, in the order of their indices. */
  public List<LinearModule> linears() {
    return linears;
  }

  /**
   * Has the rows of some items computed in one pass for all of some labels, once the first are
   * asked for, and kept for the others.
   */
  public void keep(List<TokenizedText> items, List<LossLabels> labels) {
    Map<LossLabels, List<GradientRows>> rows = new LinkedHashMap<>();
    labels.forEach(each -> rows.put(each, new ArrayList<>()));
    kept = Optional.of(new Kept(items, rows));
  }

  /** Gives up what is kept. */
  public void release() {
    kept = Optional.empty();
  }

  /**
   * Runs the items forward and backward.
   *
   * @param labels whose loss gradients are taken of
   * @param visitor sees every linear and item once
   * @throws SondeException naming item and linear where a gradient is not finite
   */
  public void each(List<TokenizedText> items, LossLabels labels, Consumer<GradientRows> visitor) {
    Optional<Kept> own =
        kept.filter(k -> k.rows.containsKey(labels)).filter(k -> k.items.equals(items));
    if (own.isEmpty()) {
      stream(items, List.of(labels), (any, rows) -> visitor.accept(rows));
      return;
    }
    Map<LossLabels, List<GradientRows>> rows = own.get().rows;
    if (rows.values().stream().allMatch(List::isEmpty)) {
      keep(items, rows);
    }
    rows.getOrDefault(labels, List.of()).forEach(visitor);
  }

  private void keep(List<TokenizedText> items, Map<LossLabels, List<GradientRows>> rows) {
    List<LossLabels> all = List.copyOf(rows.keySet());
    stream(
        items,
        all,
        (label, seen) -> {
          List<GradientRows> own = rows.getOrDefault(all.get(label), List.of());
          Matrix inputs =
              label == 0
                  ? FloatMatrices.copy(seen.inputs())
                  : rows.getOrDefault(all.getFirst(), List.of()).get(own.size()).inputs();
          own.add(
              new GradientRows(
                  seen.linear(),
                  inputs,
                  FloatMatrices.copy(seen.gradients()),
                  seen.items(),
                  seen.starts()));
        });
  }

  /** Sees the rows of a batch and linear under each of the labels. */
  private interface Visitor {
    void accept(int label, GradientRows rows);
  }

  private void stream(List<TokenizedText> items, List<LossLabels> labels, Visitor visitor) {
    ForwardRequest request =
        ForwardRequest.of(items.stream().map(item -> sequence(item, labels)).toList())
            .tokenBudget(tokensAtOnce);
    for (LinearModule linear : linears) {
      request = request.read(linear.input(), linear.outputGradient());
    }
    model
        .forward(request)
        .forEach(
            batch -> {
              for (int label = 0; label < labels.size(); label++) {
                GradientRows rows = rows(batch, label);
                requireFinite(rows, items);
                visitor.accept(label, rows);
              }
            });
  }

  private static Sequence sequence(TokenizedText item, List<LossLabels> labels) {
    Sequence sequence = Sequence.of(item.tokens());
    for (LossLabels each : labels) {
      sequence = sequence.objective(each.loss(item));
    }
    return sequence;
  }

  /** The rows of a batch; gradients stand there objective by objective. */
  private static GradientRows rows(Batch batch, int objective) {
    Rows inputs = batch.rows().getFirst();
    Rows gradients = batch.rows().getLast();
    int[] sequences = inputs.sequences();
    int from = objective * inputs.count();
    if (!Arrays.equals(
        sequences,
        0,
        inputs.count(),
        gradients.sequences(),
        from,
        Math.min(from + inputs.count(), gradients.count()))) {
      throw new IllegalStateException("inputs and gradients are of different tokens");
    }
    int[] starts =
        IntStream.rangeClosed(0, sequences.length).filter(row -> isEdge(sequences, row)).toArray();
    int[] items = Arrays.stream(starts).limit(starts.length - 1L).map(s -> sequences[s]).toArray();
    Matrix own = matrix(gradients).rows(from, from + inputs.count());
    return new GradientRows(batch.group(), matrix(inputs), own, items, starts);
  }

  private static boolean isEdge(int[] sequences, int row) {
    return row == 0 || row == sequences.length || sequences[row] != sequences[row - 1];
  }

  private static Matrix matrix(Rows rows) {
    return Matrix.of(rows.values(), Matrix.Type.FLOAT32, rows.count(), rows.width());
  }

  private void requireFinite(GradientRows rows, List<TokenizedText> items) {
    if (FloatMatrices.areFinite(rows.gradients())) {
      return;
    }
    for (int place = 0; place < rows.count(); place++) {
      Matrix own = rows.gradients().rows(rows.starts()[place], rows.starts()[place + 1]);
      if (!FloatMatrices.areFinite(own)) {
        throw new SondeException(
            "'%s': the gradient at %s is not finite; leave the row out, or run the model in float32"
                .formatted(
                    items.get(rows.items()[place]).id(), linears.get(rows.linear()).module()));
      }
    }
  }
}
