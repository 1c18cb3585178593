package dev.sonde.backend.pytorch;

import ai.djl.pytorch.engine.PtNDArray;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Sequence;
import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.packing.Sampler;
import dev.sonde.packing.Stops;
import dev.sonde.packing.TokenBudget;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
  private final Transformer decoder;
  private final Torch torch;
  private final PrefixCache cache;
  private final int tokenBudget;
  private final Sampler sampler;
  private final Stops stops;
  private final List<Running> running = new ArrayList<>();
  private final Deque<Generation> finished = new ArrayDeque<>();
  private Optional<Generation> current = Optional.empty();
  private int upcoming;

  /**
   * Nothing generated yet.
   *
   * @param tokenBudget tokens of prompts that are run at once
   */
  Generations(
      GenerateRequest request,
      Transformer decoder,
      Torch torch,
      PrefixCache cache,
      int tokenBudget) {
    this.request = request;
    this.spec = decoder.spec();
    this.decoder = decoder;
    this.torch = torch;
    this.cache = cache;
    this.tokenBudget = tokenBudget;
    this.sampler = new Sampler(request.sampling());
    this.stops = new Stops(request);
  }

  /** One continuation under way. */
  private final class Running implements AutoCloseable {
    private final int index;
    private final int sample;
    private final KeyValues past;
    private final int[] tokens;
    private final double[] logProbabilities;
    private final Map<HookPoint, List<float[]>> activations = new LinkedHashMap<>();
    private int count;

    Running(int index, int sample, KeyValues past) {
      this.index = index;
      this.sample = sample;
      this.past = past;
      this.tokens = new int[request.sequences().get(index).maxNewTokens()];
      this.logProbabilities = new double[tokens.length];
    }

    Sequence sequence() {
      return request.sequences().get(index);
    }

    /** The tokens that were not run yet. */
    int[] upcoming() {
      int[] prompt = sequence().tokens();
      return count == 0
          ? Arrays.copyOfRange(prompt, past.length(), prompt.length)
          : new int[] {tokens[count - 1]};
    }

    void keep(HookPoint point, float[] row) {
      activations.computeIfAbsent(point, p -> new ArrayList<>()).add(row);
    }

    void add(LogProbabilities next) {
      long seed = sequence().seed();
      tokens[count] = sampler.choose(next, seed, sample, count);
      logProbabilities[count] = next.logProbability(tokens[count]);
      count++;
    }

    boolean isFinished() {
      return count == tokens.length || stops.after(tokens, count);
    }

    Generation generation() {
      return Generation.of(
              index, sample, Arrays.copyOf(tokens, count), Arrays.copyOf(logProbabilities, count))
          .with(activations);
    }

    @Override
    public void close() {
      past.close();
    }
  }

  /** Changes what the sequences wish, and keeps the last row of each where it is asked for. */
  private final class Stepping implements Taps {
    private final Edits edits = new Edits();
    private final List<Running> some;
    private final int[] ends;

    Stepping(List<Running> some, int[] counts) {
      this.some = some;
      this.ends = counts.clone();
      Arrays.parallelPrefix(ends, Integer::sum);
      for (int i = 0; i < counts.length; i++) {
        int before = some.get(i).past.length();
        int start = ends[i] - counts[i] - before;
        edits.add(some.get(i).sequence(), start, before, before + counts[i]);
      }
    }

    int[] lastRows() {
      return IntStream.of(ends).map(end -> end - 1).toArray();
    }

    @Override
    public boolean wants(HookPoint point) {
      return edits.touches(point) || request.points().contains(point);
    }

    @Override
    public boolean wantsLinears() {
      return edits.touchesLinears() || request.points().stream().anyMatch(HookPoint::isLinear);
    }

    @Override
    public PtNDArray at(Torch.Scope scope, HookPoint point, PtNDArray activations) {
      PtNDArray changed = edits.at(scope, point, activations);
      if (request.points().contains(point)) {
        PtNDArray flat = scope.call("flat", changed);
        PtNDArray rows = scope.call("take", flat, scope.integers(lastRows()));
        float[] cells = Torch.cells(rows).toArray(ValueLayout.JAVA_FLOAT);
        int width = cells.length / some.size();
        for (int i = 0; i < some.size(); i++) {
          some.get(i).keep(point, Arrays.copyOfRange(cells, i * width, (i + 1) * width));
        }
      }
      return changed;
    }
  }

  @Override
  public boolean next() {
    while (finished.isEmpty() && (upcoming < request.sequences().size() || !running.isEmpty())) {
      begin();
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

  /** Begins as many sequences as there is room for. */
  private void begin() {
    List<Integer> some = new ArrayList<>();
    int samples = running.size();
    while (upcoming < request.sequences().size() && samples < RUNNING_AT_ONCE) {
      Sequence sequence = request.sequences().get(upcoming);
      if (sequence.maxNewTokens() == 0) {
        for (int sample = 0; sample < sequence.samples(); sample++) {
          finished.add(Generation.of(upcoming, sample, new int[0], new double[0]));
        }
      } else {
        some.add(upcoming);
        samples += sequence.samples();
      }
      upcoming++;
    }
    if (!some.isEmpty()) {
      begin(some);
    }
  }

  /** Runs prompts, each once for all its samples, and chooses the first token of each sample. */
  private void begin(List<Integer> indices) {
    List<Sequence> prompts = indices.stream().map(request.sequences()::get).toList();
    List<Running> begun = new ArrayList<>();
    int[] limits = prompts.stream().mapToInt(prompt -> prompt.length() - 1).toArray();
    try (SharedPrefixes shared =
        new SharedPrefixes(
            decoder,
            cache,
            prompts,
            limits,
            new float[prompts.size()][],
            spec.layers(),
            tokenBudget)) {
      for (int i = 0; i < prompts.size(); i++) {
        Running first = new Running(indices.get(i), 0, room(prompts.get(i)));
        shared.known(i).forEach(known -> first.past.copyFrom(known, 0, known.length()));
        begun.add(first);
      }
    }
    TokenBudget.cut(begun.size(), i -> begun.get(i).upcoming().length, tokenBudget)
        .forEach(part -> beginTogether(begun.subList(part.from(), part.to())));
    sweep();
  }

  private void beginTogether(List<Running> firsts) {
    try (Torch.Scope scope = torch.scope()) {
      List<LogProbabilities> next = run(scope, firsts);
      for (int i = 0; i < firsts.size(); i++) {
        Running first = firsts.get(i);
        Sequence prompt = first.sequence();
        running.add(first);
        for (int sample = 1; sample < prompt.samples(); sample++) {
          Running another = new Running(first.index, sample, room(prompt));
          another.past.copyFrom(first.past, 0, prompt.length());
          first.activations.forEach((point, rows) -> another.keep(point, rows.getFirst()));
          another.add(next.get(i));
          running.add(another);
        }
        first.add(next.get(i));
      }
    }
  }

  private KeyValues room(Sequence sequence) {
    return new KeyValues(
        torch.scope(), MemoryShape.of(spec), sequence.length() + sequence.maxNewTokens());
  }

  /** Adds a token to everything that runs. */
  private void step() {
    try (Torch.Scope scope = torch.scope()) {
      List<LogProbabilities> next = run(scope, running);
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
   * Feeds each the tokens that were not run yet.
   *
   * @return for each the distribution after its last one
   */
  private List<LogProbabilities> run(Torch.Scope scope, List<Running> some) {
    List<int[]> fed = some.stream().map(Running::upcoming).toList();
    int[] counts = fed.stream().mapToInt(each -> each.length).toArray();
    List<PackedTokens.Run> runs = new ArrayList<>();
    for (int i = 0; i < some.size(); i++) {
      runs.add(PackedTokens.Run.after(some.get(i).past, counts[i], some.get(i).sequence()));
    }
    Stepping taps = new Stepping(some, counts);
    PackedTokens tokens = new PackedTokens(spec, runs, scope, (point, run, edges) -> {});
    int[] ids = fed.stream().flatMapToInt(IntStream::of).toArray();
    PtNDArray residual = decoder.run(scope, ids, tokens, taps, spec.layers());
    tokens.advance();
    PtNDArray last = scope.call("take", residual, scope.integers(taps.lastRows()));
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
