package dev.sonde.probe.influence.read;

import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.Model;
import java.util.Arrays;
import java.util.List;

/** How likely completions are to a model. */
public final class LogLikelihood {
  private LogLikelihood() {}

  /** The log-probability of each completion given its prompt, in nats. */
  public static double[] of(Model model, List<TokenizedText> queries) {
    List<Sequence> sequences = queries.stream().map(TokenizedText::scored).toList();
    return Arrays.stream(model.logProbabilities(sequences))
        .mapToDouble(LogLikelihood::sum)
        .toArray();
  }

  private static double sum(double... each) {
    double sum = 0;
    for (double value : each) {
      sum += value;
    }
    return sum;
  }
}
