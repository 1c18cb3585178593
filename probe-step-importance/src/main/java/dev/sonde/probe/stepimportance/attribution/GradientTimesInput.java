package dev.sonde.probe.stepimportance.attribution;

import dev.sonde.api.model.ActivationStream;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Intervention;
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
 * The absolute value of {@code Σ_t (E_t − B) · g_t} over a source's tokens: g the gradient of the
 * target's summed probabilities, B a baseline. With one point and no baseline this is gradient ×
 * input; with several points on the line from B to E it is integrated gradients, g their mean.
 *
 * @param points how many points on the line, at the middles of as many equal parts
 * @param fromMean whether B is the mean token embedding of the steps; else it is zero and the only
 *     point is E itself
 */
public record GradientTimesInput(int points, boolean fromMean) implements Attribution {
  private static final Read EMBEDDINGS = Read.of(HookPoint.EMBED, Selector.all());
  private static final Read GRADIENTS = EMBEDDINGS.gradient();

  /** Integrated gradients: five points, as the authors take. */
  public static GradientTimesInput integrated() {
    return new GradientTimesInput(5, true);
  }

  /** Gradient times input. */
  public static GradientTimesInput plain() {
    return new GradientTimesInput(1, false);
  }

  @Override
  public List<InfluenceMatrix> of(Model model, List<Window> windows, TokenCosts costs) {
    List<float[][]> embeddings = embeddings(model, windows, costs);
    List<float[]> baselines = new ArrayList<>();
    List<double[][]> cells = new ArrayList<>();
    for (int i = 0; i < windows.size(); i++) {
      baselines.add(baseline(windows.get(i), embeddings.get(i)));
      cells.add(new double[windows.get(i).size()][windows.get(i).size()]);
    }
    for (int point = 0; point < points; point++) {
      add(model, windows, embeddings, baselines, (point + 0.5) / points, cells, costs);
    }
    List<InfluenceMatrix> matrices = new ArrayList<>();
    for (int i = 0; i < windows.size(); i++) {
      for (double[] row : cells.get(i)) {
        for (int source = 0; source < row.length; source++) {
          row[source] = Math.abs(row[source]) / points;
        }
      }
      matrices.add(windows.get(i).matrix(cells.get(i)));
    }
    return matrices;
  }

  private static List<float[][]> embeddings(Model model, List<Window> windows, TokenCosts costs) {
    List<Sequence> sequences = windows.stream().map(w -> Sequence.of(w.tokens())).toList();
    sequences.forEach(costs::ran);
    List<float[][]> all = new ArrayList<>();
    windows.forEach(window -> all.add(new float[window.tokens().length][]));
    try (ActivationStream stream = model.forward(ForwardRequest.of(sequences).read(EMBEDDINGS))) {
      while (stream.next()) {
        Rows rows = stream.batch().rows().getFirst();
        for (int row = 0; row < rows.count(); row++) {
          all.get(rows.sequences()[row])[rows.places()[row]] =
              rows.row(row).toArray(ValueLayout.JAVA_FLOAT);
        }
      }
    }
    return all;
  }

  private float[] baseline(Window window, float[][] embeddings) {
    float[] mean = new float[embeddings[0].length];
    if (!fromMean) {
      return mean;
    }
    int from = window.spans().getFirst().from();
    int to = window.spans().getLast().to();
    for (int token = from; token < to; token++) {
      for (int c = 0; c < mean.length; c++) {
        mean[c] += embeddings[token][c] / (to - from);
      }
    }
    return mean;
  }

  private void add(
      Model model,
      List<Window> windows,
      List<float[][]> embeddings,
      List<float[]> baselines,
      double share,
      List<double[][]> cells,
      TokenCosts costs) {
    List<Sequence> sequences = new ArrayList<>();
    for (int i = 0; i < windows.size(); i++) {
      Sequence sequence = GradientNorm.sequence(windows.get(i));
      if (fromMean) {
        float[] rows = between(windows.get(i), embeddings.get(i), baselines.get(i), share);
        Intervention moved = Intervention.patch(HookPoint.EMBED, Selector.all(), rows);
        sequence = sequence.intervene(List.of(moved));
      }
      sequences.add(sequence);
    }
    sequences.forEach(costs::differentiated);
    try (ActivationStream stream = model.forward(ForwardRequest.of(sequences).read(GRADIENTS))) {
      while (stream.next()) {
        Rows rows = stream.batch().rows().getFirst();
        for (int row = 0; row < rows.count(); row++) {
          int item = rows.sequences()[row];
          int source = rowOf(windows.get(item), rows.places()[row]);
          if (source >= 0) {
            float[] gradient = rows.row(row).toArray(ValueLayout.JAVA_FLOAT);
            float[] input = embeddings.get(item)[rows.places()[row]];
            cells.get(item)[rows.objectives()[row] + 1][source] +=
                product(gradient, input, baselines.get(item));
          }
        }
      }
    }
  }

  /** The embeddings with those of the steps moved towards the baseline. */
  private static float[] between(
      Window window, float[][] embeddings, float[] baseline, double share) {
    int width = baseline.length;
    float[] rows = new float[embeddings.length * width];
    for (int token = 0; token < embeddings.length; token++) {
      boolean moved = rowOf(window, token) >= 0;
      for (int c = 0; c < width; c++) {
        double value = embeddings[token][c];
        rows[token * width + c] =
            (float) (moved ? baseline[c] + share * (value - baseline[c]) : value);
      }
    }
    return rows;
  }

  private static int rowOf(Window window, int token) {
    for (int row = 0; row < window.size(); row++) {
      if (token >= window.spans().get(row).from() && token < window.spans().get(row).to()) {
        return row;
      }
    }
    return -1;
  }

  private static double product(float[] gradient, float[] input, float[] baseline) {
    double sum = 0;
    for (int c = 0; c < gradient.length; c++) {
      sum += gradient[c] * ((double) input[c] - baseline[c]);
    }
    return sum;
  }
}
