package dev.sonde.probe.linear;

import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Rows;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.Model;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Forward passes whose results are kept in memory. */
final class Passes {
  private Passes() {}

  /** The log-probabilities of each sequence's targets, in nats. */
  static double[][] logProbabilities(Model model, List<Sequence> sequences) {
    double[][] results = new double[sequences.size()][];
    for (int i = 0; i < results.length; i++) {
      results[i] = new double[sequences.get(i).targets().size()];
    }
    each(
        model,
        sequences,
        Read.logProbabilities(),
        rows -> {
          for (int i = 0; i < rows.count(); i++) {
            results[rows.sequences()[i]][rows.places()[i]] =
                rows.values().getAtIndex(ValueLayout.JAVA_FLOAT, i);
          }
        });
    return results;
  }

  /** The states of the selected tokens of all sequences. */
  static List<double[]> states(
      Model model, List<Sequence> sequences, HookPoint point, Selector tokens) {
    List<double[]> states = new ArrayList<>();
    each(
        model,
        sequences,
        Read.of(point, tokens),
        rows -> {
          for (int i = 0; i < rows.count(); i++) {
            double[] state = new double[rows.width()];
            for (int c = 0; c < state.length; c++) {
              state[c] = rows.row(i).getAtIndex(ValueLayout.JAVA_FLOAT, c);
            }
            states.add(state);
          }
        });
    return states;
  }

  private static void each(
      Model model, List<Sequence> sequences, Read read, Consumer<Rows> consumer) {
    try (var stream = model.forward(ForwardRequest.of(sequences).read(read).build())) {
      while (stream.next()) {
        consumer.accept(stream.batch().rows().getFirst());
      }
    }
  }
}
