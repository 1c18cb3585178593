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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
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
  private final Drafts drafts;
  private final boolean cuts;
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
   * @param drafts guesses at what comes, from earlier generations
   * @param tokenBudget tokens of prompts that are run at once
   */
  Generations(
      GenerateRequest request,
      Transformer decoder,
      Torch torch,
      PrefixCache cache,
      Drafts drafts,
      int tokenBudget) {
    this.request = request;
    this.spec = decoder.spec();
    this.decoder = decoder;
    this.torch = torch;
    this.cache = cache;
    this.drafts = drafts;
    this.cuts = MemoryShape.of(spec).stream().allMatch(MemoryShape::perToken);
    this.tokenBudget = tokenBudget;
    this.sampler = new Sampler(request.sampling());
    this.stops = new Stops(request);
  }

  /** One continuation under way. */
  private final class Running implements AutoCloseable {
    private final int index;
    private final int sample;
    private final Optional<CommonPrompt> common;
    private final KeyValues past;
    private final int[] draft;
    private final int[] tokens;
    private final double[] logProbabilities;
    private final Map<HookPoint, List<float[]>> activations = new LinkedHashMap<>();
    private int count;

    Running(int index, int sample, Optional<CommonPrompt> common, KeyValues past, int... draft) {
      this.index = index;
      this.sample = sample;
      this.common = common;
      this.past = past;
      this.draft = draft;
      this.tokens = new int[request.sequences().get(index).maxNewTokens()];
      this.logProbabilities = new double[tokens.length];
    }

    Sequence sequence() {
      return request.sequences().get(index);
    }

    /** The tokens that were not run yet; behind a prompt all of the draft but its last token. */
    int[] upcoming() {
      if (count > 0) {
        return new int[] {tokens[count - 1]};
      }
      int[] prompt = sequence().tokens();
      int[] fed = Arrays.copyOfRange(prompt, before(), prompt.length + guessed());
      System.arraycopy(draft, 0, fed, fed.length - guessed(), guessed());
      return fed;
    }

    /** How many tokens of the draft are run with the prompt. */
    int guessed() {
      return count > 0 ? 0 : Math.max(0, draft.length - 1);
    }

    /** The tokens that were run. */
    int before() {
      return past.length() + common.map(prompt -> prompt.keyValues().length()).orElse(0);
    }

    List<KeyValues> shared() {
      return common.map(CommonPrompt::keyValues).stream().toList();
    }

    /** The same behind a prompt that it shares, with keys and values of its own of the rest. */
    Running with(Optional<CommonPrompt> prompt, KeyValues own) {
      Running same = new Running(index, sample, prompt, own, draft);
      System.arraycopy(tokens, 0, same.tokens, 0, count);
      System.arraycopy(logProbabilities, 0, same.logProbabilities, 0, count);
      same.activations.putAll(activations);
      same.count = count;
      return same;
    }

    void keep(HookPoint point, float[] row) {
      activations.computeIfAbsent(point, p -> new ArrayList<>()).add(row);
    }

    void add(LogProbabilities next, Sampler.Choices choices) {
      tokens[count] = choices.choose(sequence().seed(), sample, count);
      logProbabilities[count] = next.logProbability(tokens[count]);
      count++;
    }

    /**
     * Draws along the draft: as long as what is drawn is what was guessed, the next distribution is
     * known as well.
     */
    void walk(List<LogProbabilities> next, Map<Integer, Sampler.Choices> choices) {
      int known = 0;
      do {
        LogProbabilities of = next.get(known);
        add(of, choices.computeIfAbsent(known, place -> sampler.choices(of)));
      } while (!isFinished() && tokens[known] == draft(known) && ++known < next.size());
    }

    private int draft(int place) {
      return place < draft.length ? draft[place] : -1;
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
      common.ifPresent(CommonPrompt::close);
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
            tokenBudget,
            false)) {
      for (int i = 0; i < prompts.size(); i++) {
        boolean guesses = cuts && request.points().isEmpty();
        int[] draft = guesses ? drafts.guess(prompts.get(i)) : new int[0];
        Sequence prompt = prompts.get(i);
        KeyValues room = room(prompt.length() + prompt.maxNewTokens());
        Running first = new Running(indices.get(i), 0, Optional.empty(), room, draft);
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
      List<List<LogProbabilities>> next = run(scope, firsts);
      for (int i = 0; i < firsts.size(); i++) {
        begin(firsts.get(i), next.get(i));
      }
    }
  }

  /**
   * Draws the first tokens of all samples of a prompt. Those that leave the draft go on from there:
   * one alone with the keys and values of the prompt, several with those of their own tokens behind
   * those of the prompt, which they share.
   */
  private void begin(Running first, List<LogProbabilities> next) {
    Sequence prompt = first.sequence();
    Map<Integer, Sampler.Choices> choices = new HashMap<>();
    List<Running> all = new ArrayList<>(List.of(first));
    for (int sample = 1; sample < prompt.samples(); sample++) {
      Running another = new Running(first.index, sample, Optional.empty(), first.past, first.draft);
      first.activations.forEach((point, rows) -> another.keep(point, rows.getFirst()));
      all.add(another);
    }
    List<Running> going = new ArrayList<>();
    for (Running each : all) {
      each.walk(next, choices);
      if (each.isFinished()) {
        finish(each);
      } else {
        going.add(each);
      }
    }
    if (going.isEmpty()) {
      first.close();
    } else if (going.size() == 1) {
      Running one = going.getFirst();
      one.past.grow(prompt.length() + one.count - 1 - one.past.length());
      running.add(one);
    } else if (cuts) {
      CommonPrompt common = new CommonPrompt(first.past, prompt.length(), going.size());
      for (Running each : going) {
        Running own = each.with(Optional.of(common), room(prompt.maxNewTokens()));
        own.past.copyFrom(first.past, prompt.length(), prompt.length() + each.count - 1);
        running.add(own);
      }
    } else {
      for (Running each : going) {
        Running own = each.with(Optional.empty(), room(prompt.length() + prompt.maxNewTokens()));
        own.past.copyFrom(first.past, 0, prompt.length() + each.count - 1);
        running.add(own);
      }
      first.close();
    }
  }

  private void finish(Running each) {
    drafts.add(each.sequence(), each.tokens, each.count);
    finished.add(each.generation());
  }

  private KeyValues room(int tokens) {
    return new KeyValues(torch.scope(), MemoryShape.of(spec), tokens);
  }

  /** Adds a token to everything that runs. */
  private void step() {
    try (Torch.Scope scope = torch.scope()) {
      List<List<LogProbabilities>> next = run(scope, running);
      for (int i = 0; i < running.size(); i++) {
        LogProbabilities last = next.get(i).getLast();
        running.get(i).add(last, sampler.choices(last));
      }
    }
    sweep();
  }

  private void sweep() {
    for (Running each : List.copyOf(running)) {
      if (each.isFinished()) {
        running.remove(each);
        finish(each);
        each.close();
      }
    }
  }

  /**
   * Feeds each the tokens that were not run yet.
   *
   * @return for each the distributions after its last one, and before that those of its draft
   */
  private List<List<LogProbabilities>> run(Torch.Scope scope, List<Running> some) {
    List<int[]> fed = some.stream().map(Running::upcoming).toList();
    int[] counts = fed.stream().mapToInt(each -> each.length).toArray();
    List<PackedTokens.Run> runs = new ArrayList<>();
    for (int i = 0; i < some.size(); i++) {
      Running each = some.get(i);
      runs.add(PackedTokens.Run.after(each.shared(), each.past, counts[i], each.sequence()));
    }
    StepTaps taps = new StepTaps(request.points(), counts);
    some.forEach(each -> taps.add(each.sequence(), each.before(), each::keep));
    PackedTokens tokens = new PackedTokens(spec, runs, scope, (point, run, edges) -> {});
    int[] ids = fed.stream().flatMapToInt(IntStream::of).toArray();
    PtNDArray residual = decoder.run(scope, ids, tokens, taps, spec.layers());
    tokens.advance();
    int[] read = rows(some, taps.lastRows());
    PtNDArray last = scope.call("take", residual, scope.integers(read));
    PtNDArray logits = decoder.logits(scope, decoder.finalNorm(scope, last, Taps.NONE));
    MemorySegment cells = Torch.host(scope.call("log_probabilities", logits));
    List<List<LogProbabilities>> next = new ArrayList<>();
    int row = 0;
    for (Running each : some) {
      int behind = row + 1 + each.guessed();
      next.add(
          IntStream.range(row, behind)
              .mapToObj(r -> new LogProbabilities(cells, r, spec.vocabulary()))
              .toList());
      row = behind;
    }
    return next;
  }

  /** The last row of each, and before it one for each token of a draft. */
  private static int[] rows(List<Running> some, int[] last) {
    return IntStream.range(0, some.size())
        .flatMap(i -> IntStream.rangeClosed(last[i] - some.get(i).guessed(), last[i]))
        .toArray();
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
