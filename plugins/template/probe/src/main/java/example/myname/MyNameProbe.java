package example.myname;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.probe.CaptureRequest;
import dev.sonde.api.probe.Inputs;
import dev.sonde.api.probe.Needs;
import dev.sonde.api.probe.Probe;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.report.Metric;
import dev.sonde.statistics.ClusterBootstrap;
import dev.sonde.statistics.Estimate;
import dev.sonde.statistics.Groups;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Asks for activations, has a decoder evaluated on them, and adds a figure of its own. */
final class MyNameProbe implements Probe {
  private final CaptureRequest reads;
  private final CaptureRequest evaluation;

  MyNameProbe(CaptureRequest reads, String decoder) {
    this.reads = reads;
    this.evaluation = reads.decodedBy(List.of(decoder));
  }

  @Override
  public Needs needs(Inputs inputs) {
    return Needs.none().evaluate(evaluation);
  }

  @Override
  public void run(ProbeContext context) {
    Targets labels =
        context
            .study()
            .targets()
            .orElseThrow(() -> new InvalidInputException("my-name needs data with a label"));
    context.evaluate(evaluation);
    Map<HookPoint, Matrix> activations = context.capture(reads);
    Groups groups = Groups.of(context.study().groups());
    ClusterBootstrap bootstrap =
        new ClusterBootstrap(groups, context.bootstrapDraws(), context.random("bootstrap"));
    for (HookPoint point : activations.keySet()) {
      double[] lengths = lengths(activations.get(point));
      for (boolean positive : new boolean[] {true, false}) {
        Estimate mean = bootstrap.mean(lengths, rows(labels, positive));
        context
            .report()
            .metric(
                Metric.of("length", mean.value())
                    .interval(mean.low(), mean.high())
                    .at(point)
                    .where("label", positive ? labels.positiveName() : labels.negativeName()));
      }
    }
  }

  private static int[] rows(Targets labels, boolean positive) {
    return IntStream.range(0, labels.size())
        .filter(row -> labels.positive(row) == positive)
        .toArray();
  }

  /** The Euclidean length of each row. */
  private static double[] lengths(Matrix rows) {
    double[] lengths = new double[rows.rows()];
    for (int row = 0; row < lengths.length; row++) {
      double squares = 0;
      for (double value : rows.row(row)) {
        squares += value * value;
      }
      lengths[row] = Math.sqrt(squares);
    }
    return lengths;
  }
}
