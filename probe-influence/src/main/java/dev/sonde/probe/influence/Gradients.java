package dev.sonde.probe.influence;

import dev.sonde.api.SondeException;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.ActivationStream;
import dev.sonde.api.model.Batch;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.Objective;
import dev.sonde.api.model.Rows;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.Model;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Streams what linears take and the gradients of what they give, one linear and some whole items at
 * a time; nothing outlives its turn.
 */
final class Gradients {
  private final Model model;
  private final List<Linear> linears;
  private final int tokensAtOnce;

  /**
   * Over some linears.
   *
   * @param tokensAtOnce most tokens whose rows are held, unless one item has more
   */
  Gradients(Model model, List<Linear> linears, int tokensAtOnce) {
    this.model = model;
    this.linears = linears;
    this.tokensAtOnce = tokensAtOnce;
  }

  /**
   * Runs the items forward and backward.
   *
   * @param objective of which gradients are taken
   * @param visitor sees every linear and item once
   * @throws SondeException naming item and linear where a gradient is not finite
   */
  void each(List<Item> items, Function<Item, Objective> objective, Consumer<TokenRows> visitor) {
    ForwardRequest.Builder request =
        ForwardRequest.of(
                items.stream()
                    .map(item -> Sequence.builder(item.tokens()).objective(objective.apply(item)))
                    .map(Sequence.Builder::build)
                    .toList())
            .tokenBudget(tokensAtOnce);
    linears.forEach(linear -> request.read(linear.input(), linear.outputGradient()));
    try (ActivationStream stream = model.forward(request.build())) {
      while (stream.next()) {
        TokenRows rows = rows(stream.batch());
        requireFinite(rows, items);
        visitor.accept(rows);
      }
    }
  }

  private static TokenRows rows(Batch batch) {
    Rows inputs = batch.rows().getFirst();
    Rows gradients = batch.rows().getLast();
    int[] sequences = inputs.sequences();
    if (!Arrays.equals(sequences, gradients.sequences())) {
      throw new IllegalStateException("inputs and gradients are of different tokens");
    }
    int[] starts =
        IntStream.rangeClosed(0, sequences.length).filter(row -> isEdge(sequences, row)).toArray();
    int[] items = Arrays.stream(starts).limit(starts.length - 1L).map(s -> sequences[s]).toArray();
    return new TokenRows(batch.group(), matrix(inputs), matrix(gradients), items, starts);
  }

  private static boolean isEdge(int[] sequences, int row) {
    return row == 0 || row == sequences.length || sequences[row] != sequences[row - 1];
  }

  private static Matrix matrix(Rows rows) {
    return Matrix.of(rows.values(), Matrix.Type.FLOAT32, rows.count(), rows.width());
  }

  private void requireFinite(TokenRows rows, List<Item> items) {
    if (Cells.areFinite(rows.gradients())) {
      return;
    }
    for (int place = 0; place < rows.count(); place++) {
      Matrix own = rows.gradients().rows(rows.starts()[place], rows.starts()[place + 1]);
      if (!Cells.areFinite(own)) {
        throw new SondeException(
            "'%s': the gradient at %s is not finite; leave the row out, or run the model in float32"
                .formatted(
                    items.get(rows.items()[place]).id(), linears.get(rows.linear()).module()));
      }
    }
  }
}
