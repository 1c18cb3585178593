package dev.sonde.backend.pytorch;

import ai.djl.pytorch.engine.PtNDArray;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.Sequence;
import dev.sonde.formats.huggingface.DecoderSpec;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/** Greedy generations, one sequence after the other, each over its own keys and values. */
final class GreedyGeneration implements GenerationStream {
  private final GenerateRequest request;
  private final DecoderSpec spec;
  private final LlamaDecoder decoder;
  private final Torch torch;
  private int upcoming;
  private Optional<Generation> current = Optional.empty();

  GreedyGeneration(GenerateRequest request, DecoderSpec spec, LlamaDecoder decoder, Torch torch) {
    this.request = request;
    this.spec = spec;
    this.decoder = decoder;
    this.torch = torch;
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

  /** Keys and values of one sequence so far, per block. */
  private static final class Cache implements LlamaDecoder.Attention {
    private final Torch.Scope owner;
    private final PtNDArray[] keys;
    private final PtNDArray[] values;
    private int length;

    Cache(Torch.Scope owner, int layers) {
      this.owner = owner;
      this.keys = new PtNDArray[layers];
      this.values = new PtNDArray[layers];
    }

    @Override
    public PtNDArray mix(Torch.Scope scope, int layer, PtNDArray q, PtNDArray k, PtNDArray v) {
      if (length == 0) {
        keys[layer] = owner.keep(k);
        values[layer] = owner.call("rows", v, 0, Integer.MAX_VALUE);
        long[] tokens = {q.getShape().get(0)};
        return scope.call("attend", q, k, v, new long[] {1}, tokens);
      }
      keys[layer] = grown(keys[layer], k);
      values[layer] = grown(values[layer], v);
      return scope.call("attend_one", q, keys[layer], values[layer]);
    }

    private PtNDArray grown(PtNDArray before, PtNDArray added) {
      PtNDArray after = owner.call("join", (Object) new PtNDArray[] {before, added});
      before.close();
      return after;
    }
  }

  private Generation generate(int index) {
    Sequence sequence = request.sequences().get(index);
    int[] fed = sequence.tokens();
    int[] tokens = new int[sequence.maxNewTokens()];
    double[] logProbabilities = new double[tokens.length];
    int count = 0;
    boolean stopped = false;
    try (Torch.Scope owner = torch.scope()) {
      Cache cache = new Cache(owner, spec.layers());
      while (count < tokens.length && !stopped) {
        try (Torch.Scope step = owner.inner()) {
          MemorySegment next = next(step, cache, fed);
          int best = highest(next, spec.vocabulary());
          tokens[count] = best;
          logProbabilities[count] = next.getAtIndex(ValueLayout.JAVA_FLOAT, best);
          count++;
          stopped = request.stopsAt(best);
          fed = new int[] {best};
        }
      }
    }
    return new Generation(
        index, Arrays.copyOf(tokens, count), Arrays.copyOf(logProbabilities, count));
  }

  /** The log-probabilities of the token after the last one that is fed. */
  private MemorySegment next(Torch.Scope step, Cache cache, int[] fed) {
    int[] places = IntStream.range(cache.length, cache.length + fed.length).toArray();
    PtNDArray positions = step.integers(places);
    PtNDArray residual = decoder.embed(step, step.integers(fed));
    for (int layer = 0; layer < spec.layers(); layer++) {
      residual = decoder.block(step, layer, residual, positions, cache, (point, values) -> {});
    }
    cache.length += fed.length;
    PtNDArray last = step.call("rows", residual, fed.length - 1, fed.length);
    return Torch.cells(decoder.logProbabilities(step, last));
  }

  /** The first of the highest. */
  private static int highest(MemorySegment values, int count) {
    int best = 0;
    for (int i = 1; i < count; i++) {
      if (values.getAtIndex(ValueLayout.JAVA_FLOAT, i)
          > values.getAtIndex(ValueLayout.JAVA_FLOAT, best)) {
        best = i;
      }
    }
    return best;
  }
}
