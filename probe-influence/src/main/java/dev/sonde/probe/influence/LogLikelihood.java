package dev.sonde.probe.influence;

import dev.sonde.api.model.ActivationStream;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Rows;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.Model;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** How likely completions are to a model. */
final class LogLikelihood {
  private LogLikelihood() {}

  /** The log-probability of each completion given its prompt, in nats. */
  static double[] of(Model model, List<Item> queries) {
    double[] sums = new double[queries.size()];
    List<Sequence> sequences = queries.stream().map(Item::scored).toList();
    ForwardRequest request = ForwardRequest.of(sequences).read(Read.logProbabilities()).build();
    try (ActivationStream stream = model.forward(request)) {
      while (stream.next()) {
        Rows rows = stream.batch().rows().getFirst();
        for (int row = 0; row < rows.count(); row++) {
          sums[rows.sequences()[row]] += rows.values().getAtIndex(ValueLayout.JAVA_FLOAT, row);
        }
      }
    }
    return sums;
  }
}
