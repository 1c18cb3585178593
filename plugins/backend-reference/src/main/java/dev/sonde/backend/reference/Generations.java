package dev.sonde.backend.reference;

import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.Sequence;
import dev.sonde.packing.Sampler;
import dev.sonde.packing.Stops;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Generations, one after the other, each over its own cache. */
final class Generations implements GenerationStream {
  private final GenerateRequest request;
  private final Transformer decoder;
  private final Sampler sampler;
  private final Stops stops;
  private final Deque<Generation> finished = new ArrayDeque<>();
  private Optional<Generation> current = Optional.empty();
  private int upcoming;

  Generations(GenerateRequest request, Transformer decoder) {
    this.request = request;
    this.decoder = decoder;
    this.sampler = new Sampler(request.sampling());
    this.stops = new Stops(request);
  }

  /** Log-probabilities of all tokens. */
  private record Distribution(double[] logProbabilities) implements Sampler.Distribution {
    @Override
    public double logProbability(int token) {
      return logProbabilities[token];
    }

    @Override
    public int size() {
      return logProbabilities.length;
    }
  }

  @Override
  public boolean next() {
    while (finished.isEmpty() && upcoming < request.sequences().size()) {
      generate(upcoming++);
    }
    current = Optional.ofNullable(finished.poll());
    return current.isPresent();
  }

  @Override
  public Generation generation() {
    return current.orElseThrow(() -> new IllegalStateException("there is no generation"));
  }

  @Override
  public void close() {
    current = Optional.empty();
    upcoming = request.sequences().size();
    finished.clear();
  }

  /** Runs a prompt once for all its samples. */
  private void generate(int index) {
    Sequence prompt = request.sequences().get(index);
    KeyValueCache cache = KeyValueCache.empty(decoder.spec());
    Distribution first = next(prompt.tokens(), cache);
    for (int sample = 0; sample < prompt.samples(); sample++) {
      finished.add(proceed(index, sample, first, cache.copy()));
    }
  }

  /** Adds tokens to a prompt until it may have no more, or a stop token came. */
  private Generation proceed(int index, int sample, Distribution first, KeyValueCache cache) {
    Sequence prompt = request.sequences().get(index);
    int[] tokens = Arrays.copyOf(prompt.tokens(), prompt.length() + prompt.maxNewTokens());
    double[] logProbabilities = new double[prompt.maxNewTokens()];
    int count = 0;
    boolean stopped = false;
    while (count < prompt.maxNewTokens() && !stopped) {
      int end = prompt.length() + count;
      Distribution next = count == 0 ? first : next(Arrays.copyOf(tokens, end), cache);
      int token = sampler.choose(next, prompt.seed(), sample, count);
      tokens[end] = token;
      logProbabilities[count] = next.logProbability(token);
      count++;
      stopped = stops.after(Arrays.copyOfRange(tokens, prompt.length(), end + 1), count);
    }
    return Generation.of(
        index,
        sample,
        Arrays.copyOfRange(tokens, prompt.length(), prompt.length() + count),
        Arrays.copyOf(logProbabilities, count));
  }

  /**
   * The distribution after some tokens. Those that the cache does not hold are run; all of them
   * where the sequence has grown so long that its tokens turn otherwise.
   */
  private Distribution next(int[] tokens, KeyValueCache cache) {
    if (decoder.turnsOtherwise(cache.length(), tokens.length)) {
      cache.clear();
    }
    int[] fed = Arrays.copyOfRange(tokens, cache.length(), tokens.length);
    List<Run> runs = Run.after(cache, fed.length);
    Streams streams = decoder.embed(fed, runs, Observer.NONE);
    for (int layer = 0; layer < decoder.spec().layers(); layer++) {
      streams = decoder.block(layer, streams, runs, Observer.NONE);
    }
    float[] last =
        Floats.rows(decoder.last(streams), decoder.spec().width(), new int[] {fed.length - 1});
    float[] logits = decoder.logits(decoder.finalNorm(last, Observer.NONE));
    return new Distribution(Softmax.log(logits));
  }
}
