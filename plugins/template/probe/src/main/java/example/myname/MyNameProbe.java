package example.myname;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.evaluate.EvaluationSpec;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.probe.CaptureRequest;
import dev.sonde.api.probe.Inputs;
import dev.sonde.api.probe.Needs;
import dev.sonde.api.probe.Probe;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.report.Metric;
import java.util.List;
import java.util.Map;

/** Asks for activations, has a decoder evaluated on them, and adds a figure of its own. */
final class MyNameProbe implements Probe {
  private final CaptureRequest reads;
  private final EvaluationSpec evaluation;

  MyNameProbe(CaptureRequest reads, String decoder) {
    this.reads = reads;
    this.evaluation = EvaluationSpec.of(reads, List.of(decoder));
  }

  @Override
  public Needs needs(Inputs inputs) {
    return Needs.builder().evaluate(evaluation).build();
  }

  @Override
  public void run(ProbeContext context) {
    Targets labels =
        context
            .study()
            .targets()
            .orElseThrow(() -> new InvalidInputException("my-name needs data with a label"));
    context.evaluate(evaluation);
    for (Map.Entry<HookPoint, Matrix> each : context.capture(reads).entrySet()) {
      HookPoint point = each.getKey();
      Matrix rows = each.getValue();
      for (boolean positive : new boolean[] {true, false}) {
        context
            .report()
            .metric(
                Metric.of("length", meanLength(rows, labels, positive))
                    .at(point)
                    .where("label", positive ? labels.positiveName() : labels.negativeName()));
      }
    }
  }

  /** The mean Euclidean length of the rows of a label. */
  private static double meanLength(Matrix rows, Targets labels, boolean positive) {
    double sum = 0;
    int count = 0;
    for (int row = 0; row < rows.rows(); row++) {
      if (labels.positive(row) == positive) {
        double squares = 0;
        for (double value : rows.row(row)) {
          squares += value * value;
        }
        sum += Math.sqrt(squares);
        count++;
      }
    }
    return sum / count;
  }
}
