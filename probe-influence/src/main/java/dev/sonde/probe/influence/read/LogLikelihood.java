package dev.sonde.probe.influence.read;

import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.Model;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** How likely completions are to a model. */
public final class LogLikelihood {
  private LogLikelihood() {}

  /**
   * What each query measures, in nats: the log-probability of its completion given its prompt, less
   * that of the completion that it is held against.
   */
  public static double[] measured(Model model, List<TokenizedText> queries) {
    double[] measured = of(model, queries);
    List<Integer> contrasts =
        IntStream.range(0, measured.length)
            .filter(query -> queries.get(query).against().isPresent())
            .boxed()
            .toList();
    if (!contrasts.isEmpty()) {
      double[] others =
          of(model, contrasts.stream().map(q -> queries.get(q).against().orElseThrow()).toList());
      for (int i = 0; i < others.length; i++) {
        measured[contrasts.get(i)] -= others[i];
      }
    }
    return measured;
  }

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
