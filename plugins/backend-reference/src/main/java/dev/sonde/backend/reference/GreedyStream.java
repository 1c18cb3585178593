package dev.sonde.backend.reference;

import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.Sequence;
import dev.sonde.formats.huggingface.DecoderSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Greedy generations, one sequence after the other, each over its own cache. */
final class GreedyStream implements GenerationStream {
  private final GenerateRequest request;
  private final DecoderSpec spec;
  private final LlamaDecoder decoder;
  private int upcoming;
  private Optional<Generation> current = Optional.empty();

  GreedyStream(GenerateRequest request, DecoderSpec spec, LlamaDecoder decoder) {
    this.request = request;
    this.spec = spec;
    this.decoder = decoder;
  }

  @Override
  public boolean next() {
    boolean more = upcoming < request.sequences().size();
    current = more ? Optional.of(generate(upcoming++)) : Optional.empty();
    return more;
  }

  @Override
  public Generation generation() {
    return current.orElseThrow(() -> new IllegalStateException("there is no generation"));
  }

  @Override
  public void close() {
    current = Optional.empty();
    upcoming = request.sequences().size();
  }

  private Generation generate(int index) {
    Sequence sequence = request.sequences().get(index);
    KeyValueCache cache = KeyValueCache.empty(spec);
    int[] fed = sequence.tokens();
    int[] tokens = new int[sequence.maxNewTokens()];
    double[] logProbabilities = new double[tokens.length];
    int count = 0;
    boolean stopped = false;
    while (count < tokens.length && !stopped) {
      var segment = List.of(new LlamaDecoder.Segment(0, fed.length, cache));
      float[] residual = decoder.forward(fed, segment, spec.layers(), (point, values) -> {});
      double[] next = decoder.logProbabilities(residual, fed.length - 1);
      int best = highest(next);
      tokens[count] = best;
      logProbabilities[count] = next[best];
      count++;
      stopped = request.stopsAt(best);
      fed = new int[] {best};
    }
    return new Generation(
        index, Arrays.copyOf(tokens, count), Arrays.copyOf(logProbabilities, count));
  }

  /** The first of the highest. */
  private static int highest(double[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best;
  }
}
