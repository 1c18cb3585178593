package dev.sonde.probe.stepimportance.attribution;

import dev.sonde.api.model.ActivationStream;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Objective;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Rows;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.Model;
import dev.sonde.probe.stepimportance.chain.TokenCosts;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * The Frobenius norm of {@code d Σ_t P_t / d E}: P the probabilities of the target's own tokens, E
 * the input embeddings of the source (section 4 of the paper).
 */
public record GradientNorm() implements Attribution {
  private static final Read NORMS =
      Read.of(HookPoint.EMBED, Selector.eachSpan()).reduce(Read.NORM).gradient();

  @Override
  public List<InfluenceMatrix> of(Model model, List<Window> windows, TokenCosts costs) {
    List<double[][]> cells = new ArrayList<>();
    windows.forEach(window -> cells.add(new double[window.size()][window.size()]));
    List<Sequence> sequences = windows.stream().map(GradientNorm::sequence).toList();
    sequences.forEach(costs::differentiated);
    ForwardRequest request = ForwardRequest.of(sequences).read(NORMS);
    try (ActivationStream stream = model.forward(request)) {
      while (stream.next()) {
        Rows rows = stream.batch().rows().getFirst();
        for (int row = 0; row < rows.count(); row++) {
          int target = rows.objectives()[row] + 1;
          int source = rows.places()[row];
          cells.get(rows.sequences()[row])[target][source] =
              rows.values().getAtIndex(ValueLayout.JAVA_FLOAT, row);
        }
      }
    }
    List<InfluenceMatrix> matrices = new ArrayList<>();
    for (int i = 0; i < cells.size(); i++) {
      matrices.add(windows.get(i).matrix(cells.get(i)));
    }
    return matrices;
  }

  /** The objective with index i is the probability of row i + 1: nothing bears on the first. */
  static Sequence sequence(Window window) {
    Sequence sequence = Sequence.of(window.tokens()).spans(window.spans());
    for (int row = 1; row < window.size(); row++) {
      sequence = sequence.objective(Objective.probability(window.targets(row)));
    }
    return sequence;
  }
}
