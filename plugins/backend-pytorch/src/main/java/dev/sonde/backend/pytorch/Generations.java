package dev.sonde.backend.pytorch;

import ai.djl.pytorch.engine.PtNDArray;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Sequence;
import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.packing.Sampler;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Generations, many at a time: each step adds a token to every one that runs, and a finished one
 * makes room for the next.
 */
final class Generations implements GenerationStream {
  /** Weights are read once a step for all that run; more of them gain little on a processor. */
  private static final int RUNNING_AT_ONCE = 32;

  private final GenerateRequest request;
  private final DecoderSpec spec;
  private final Decoder decoder;
  private final Torch torch;
  private final Sampler sampler;
  private final List<Running> running = new ArrayList<>();
  private final Deque<Generation> finished = new ArrayDeque<>();
  private Optional<Generation> current = Optional.empty();
  private int upcoming;

  Generations(GenerateRequest request, Decoder decoder, Torch torch) {
    this.request = request;
    this.spec = decoder.spec();
    this.decoder = decoder;
    this.torch = torch;
    this.sampler = new Sampler(request.sampling());
  }

  /** One continuation under way. */
  private final class Running implements AutoCloseable {
    private final int index;
    private final int sample;
    private final KeyValues past;
    private final int[] tokens;
    private final double[] logProbabilities;
    private int count;

    Running(int index, int sample, KeyValues past) {
      this.index = index;
      this.sample = sample;
      this.past = past;
      this.tokens = new int[request.sequences().get(index).maxNewTokens()];
      this.logProbabilities = new double[tokens.length];
    }

    void add(LogProbabilities next) {
      long seed = request.sequences().get(index).seed();
      tokens[count] = sampler.choose(next, seed, sample, count);
      logProbabilities[count] = next.logProbability(tokens[count]);
      count++;
    }

    boolean isFinished() {
      return count == tokens.length || request.stopsAt(tokens[count - 1]);
    }

    Generation generation() {
      return new Generation(
          index, sample, Arrays.copyOf(tokens, count), Arrays.copyOf(logProbabilities, count));
    }

    @Override
    public void close() {
      past.close();
    }
  }

  /** Changes what the sequences wish; nobody reads. */
  private record Editing(Edits edits) implements Taps {
    @Override
    public boolean wants(HookPoint point) {
      return edits.touches(point);
    }

    @Override
    public boolean wantsLinears() {
      return edits.touchesLinears();
    }

    @Override
    public PtNDArray at(Torch.Scope scope, HookPoint point, PtNDArray activations) {
      return edits.at(scope, point, activations);
    }
  }

  @Override
  public boolean next() {
    while (finished.isEmpty() && (upcoming < request.sequences().size() || !running.isEmpty())) {
      while (upcoming < request.sequences().size() && running.size() < RUNNING_AT_ONCE) {
        begin(upcoming++);
      }
      if (!running.isEmpty()) {
        step();
      }
    }
    current = Optional.ofNullable(finished.poll());
    return current.isPresent();
  }

  @Override
  public Generation generation() {
    return current.orElseThrow(() -> new IllegalStateException("there is no generation"));
  }

  /** Runs a prompt once for all its samples and chooses the first token of each. */
  private void begin(int index) {
    Sequence sequence = request.sequences().get(index);
    if (sequence.maxNewTokens() == 0) {
      for (int sample = 0; sample < sequence.samples(); sample++) {
        finished.add(new Generation(index, sample, new int[0], new double[0]));
      }
      return;
    }
    List<Running> samples = new ArrayList<>();
    for (int sample = 0; sample < sequence.samples(); sample++) {
      samples.add(new Running(index, sample, room(sequence)));
    }
    KeyValues first = samples.getFirst().past;
    try (Torch.Scope scope = torch.scope()) {
      LogProbabilities next = run(scope, List.of(samples.getFirst()), sequence.tokens()).getFirst();
      for (Running sample : samples) {
        if (sample.past != first) {
          sample.past.copyFrom(first, 0, sequence.length());
        }
        sample.add(next);
      }
    }
    running.addAll(samples);
    sweep();
  }

  private KeyValues room(Sequence sequence) {
    DecoderSpec.Attention attention = spec.attention();
    return new KeyValues(
        torch.scope(),
        spec.layers(),
        sequence.length() + sequence.maxNewTokens(),
        attention.keyValueHeads(),
        attention.headWidth());
  }

  /** Adds a token to everything that runs. */
  private void step() {
    int[] last = running.stream().mapToInt(r -> r.tokens[r.count - 1]).toArray();
    try (Torch.Scope scope = torch.scope()) {
      List<LogProbabilities> next = run(scope, running, last);
      for (int i = 0; i < running.size(); i++) {
        running.get(i).add(next.get(i));
      }
    }
    sweep();
  }

  private void sweep() {
    for (Running each : List.copyOf(running)) {
      if (each.isFinished()) {
        running.remove(each);
        finished.add(each.generation());
        each.close();
      }
    }
  }

  /**
   * Feeds as many tokens to each sequence.
   *
   * @return per sequence the distribution after its last one
   */
  private List<LogProbabilities> run(Torch.Scope scope, List<Running> some, int[] ids) {
    int each = ids.length / some.size();
    List<PackedTokens.Run> runs = new ArrayList<>();
    Edits edits = new Edits();
    for (int i = 0; i < some.size(); i++) {
      KeyValues past = some.get(i).past;
      Sequence sequence = request.sequences().get(some.get(i).index);
      int before = past.length();
      runs.add(PackedTokens.Run.after(past, each, sequence));
      edits.add(sequence, i * each - before, before, before + each);
    }
    Taps taps = new Editing(edits);
    PackedTokens tokens = new PackedTokens(spec, runs, scope, (point, run, edges) -> {});
    PtNDArray residual = decoder.embed(scope, ids, tokens, taps);
    for (int layer = 0; layer < spec.layers(); layer++) {
      residual = decoder.block(scope, layer, residual, tokens, taps);
    }
    tokens.advance();
    int[] ends = IntStream.range(0, some.size()).map(i -> (i + 1) * each - 1).toArray();
    PtNDArray last = scope.call("take", residual, scope.integers(ends));
    PtNDArray logits = decoder.logits(scope, decoder.finalNorm(scope, last, Taps.NONE));
    MemorySegment cells = Torch.cells(scope.call("log_probabilities", logits));
    return IntStream.range(0, some.size())
        .mapToObj(i -> new LogProbabilities(cells, i, spec.vocabulary()))
        .toList();
  }

  @Override
  public void close() {
    current = Optional.empty();
    upcoming = request.sequences().size();
    running.forEach(Running::close);
    running.clear();
    finished.clear();
  }
}
