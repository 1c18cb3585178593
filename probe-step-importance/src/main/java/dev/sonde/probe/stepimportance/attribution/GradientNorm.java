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
import java.util.Arrays;
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
    List<Sequence> sequences = new ArrayList<>();
    List<double[]> found = new ArrayList<>();
    for (Window window : windows) {
      double[][] own = new double[window.size()][window.size()];
      cells.add(own);
      for (int target = 1; target < window.size(); target++) {
        sequences.add(sequence(window, target));
        found.add(own[target]);
      }
    }
    sequences.forEach(costs::differentiated);
    ForwardRequest request = ForwardRequest.of(sequences).read(NORMS);
    try (ActivationStream stream = model.forward(request)) {
      while (stream.next()) {
        Rows rows = stream.batch().rows().getFirst();
        for (int row = 0; row < rows.count(); row++) {
          found.get(rows.sequences()[row])[rows.places()[row]] =
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

  /**
   * A target and what stands before it: nothing that follows bears on it. Its spans are the rows
   * before it, so that nothing goes back into the prompt either.
   */
  private static Sequence sequence(Window window, int target) {
    int end = window.spans().get(target).to();
    return Sequence.of(Arrays.copyOf(window.tokens(), end))
        .spans(window.spans().subList(0, target))
        .objective(Objective.probability(window.targets(target)));
  }
}
