package dev.sonde.backend.pytorch;

import ai.djl.pytorch.engine.PtNDArray;
import dev.sonde.api.model.Distances;
import dev.sonde.api.model.Frequencies;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Intervention;
import dev.sonde.api.model.Sequence;
import dev.sonde.formats.huggingface.AttentionSpec;
import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.formats.huggingface.Rotary;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Runs of tokens of several sequences, one behind the other. Each run sees itself and what its own
 * sequence has before it, nothing of its neighbours.
 */
final class PackedTokens implements Tokens {
  private final DecoderSpec spec;
  private final List<Run> runs;
  private final int count;
  private final Torch.Scope scope;
  private final Map<Rotary, RotaryRows> rotations = new HashMap<>();
  private final Map<Integer, Keys> lent = new HashMap<>();

  /**
   * A run of tokens.
   *
   * @param length how many
   * @param shared keys and values of the first tokens before it, which stay as they are
   * @param past those of the tokens between; those of its own are added
   * @param sequence whose tokens they are: it may move them or hide some from others
   */
  record Run(
      int length, List<KeyValues> shared, Optional<KeyValues> past, Optional<Sequence> sequence) {
    /** The whole of a sequence that nobody will go on from. */
    static Run of(Sequence sequence) {
      return new Run(sequence.length(), List.of(), Optional.empty(), Optional.of(sequence));
    }

    /** A run that is added to what is before it, of which the first part stays as it is. */
    static Run after(List<KeyValues> shared, KeyValues past, int length, Sequence sequence) {
      return new Run(length, shared, Optional.of(past), Optional.of(sequence));
    }

    /** The position of one of its tokens; generated ones follow the last of the sequence. */
    int position(int token) {
      int index = before() + token;
      if (sequence.isEmpty() || !sequence.get().isMoved()) {
        return index;
      }
      int last = sequence.get().length() - 1;
      return sequence.get().position(Math.min(index, last)) + Math.max(0, index - last);
    }

    boolean hides() {
      return sequence.isPresent() && !sequence.get().blocked().isEmpty();
    }

    /** What changes its attention scores in a block. */
    List<Intervention> scores(HookPoint point) {
      return sequence.map(Sequence::interventions).orElse(List.of()).stream()
          .filter(each -> each.point().equals(point))
          .toList();
    }

    Optional<Distances> distances() {
      return sequence.flatMap(Sequence::distances);
    }

    int before() {
      return shared.stream().mapToInt(KeyValues::length).sum()
          + past.map(KeyValues::length).orElse(0);
    }
  }

  /** What shows scores and patterns of single sequences, where somebody looks. */
  interface Edges {
    /**
     * Shows the edges of a run.
     *
     * @param edges {@code [heads, tokens of the run, tokens of its sequence so far]}
     */
    void at(HookPoint point, int run, PtNDArray edges);
  }

  private final OpenAttention open;

  /**
   * Runs.
   *
   * @param scope what belongs to all of them is kept there
   */
  PackedTokens(DecoderSpec spec, List<Run> runs, Torch.Scope scope, Edges edges) {
    this.spec = spec;
    this.runs = List.copyOf(runs);
    this.count = runs.stream().mapToInt(Run::length).sum();
    this.scope = scope;
    this.open = new OpenAttention(spec, edges);
  }

  /** A run by its place. */
  Run run(int place) {
    return runs.get(place);
  }

  /** Says that the keys and values of all runs were added in every block. */
  void advance() {
    runs.forEach(run -> run.past().ifPresent(past -> past.grow(run.length())));
  }

  @Override
  public PtNDArray positions(Torch.Scope inner) {
    int first = spec.embedding().firstPosition();
    return inner.integers(eachPosition().map(position -> first + position).toArray());
  }

  private IntStream eachPosition() {
    return runs.stream().flatMapToInt(run -> IntStream.range(0, run.length()).map(run::position));
  }

  @Override
  public PtNDArray grow(Torch.Scope inner, int layer, PtNDArray queries) {
    AttentionSpec.Temperature temperature = attention(layer).temperature().orElseThrow();
    float[] factors = new float[count];
    int[] positions = eachPosition().toArray();
    for (int token = 0; token < count; token++) {
      factors[token] = temperature.at(positions[token]);
    }
    return inner.call("times", queries, inner.floats(factors, count, 1, 1));
  }

  private AttentionSpec attention(int layer) {
    return spec.attention(layer).orElseThrow();
  }

  /** The block that remembers what a block sees of earlier tokens. */
  private int memory(int layer) {
    return attention(layer).keysOf().orElse(layer);
  }

  @Override
  public Keys lent(int layer) {
    return Optional.ofNullable(lent.get(layer)).orElseThrow();
  }

  @Override
  public PtNDArray eachAlone(Torch.Scope inner, PtNDArray x, Alone mixer) {
    PtNDArray[] parts = new PtNDArray[runs.size()];
    int start = 0;
    for (int run = 0; run < parts.length; run++) {
      int end = start + runs.get(run).length();
      PtNDArray own = parts.length == 1 ? x : inner.call("rows", x, start, end);
      parts[run] = mixer.apply(inner, own, runs.get(run).past());
      start = end;
    }
    return parts.length == 1 ? parts[0] : inner.call("join", (Object) parts);
  }

  @Override
  public PtNDArray rotate(Torch.Scope inner, int layer, PtNDArray x) {
    Rotary rotary = attention(layer).rotary().orElseThrow();
    return rotations
        .computeIfAbsent(rotary, r -> RotaryRows.of(r, places(), count, scope))
        .rotate(inner, x);
  }

  private RotaryRows.Runs places() {
    return new RotaryRows.Runs() {
      @Override
      public int count() {
        return runs.size();
      }

      @Override
      public int length(int run) {
        return runs.get(run).length();
      }

      @Override
      public int position(int run, int token) {
        return runs.get(run).position(token);
      }

      @Override
      public int sequenceLength(int run) {
        return runs.get(run).before() + runs.get(run).length();
      }

      @Override
      public Optional<Frequencies> frequencies(int run) {
        return runs.get(run).sequence().flatMap(Sequence::frequencies);
      }
    };
  }

  @Override
  public PtNDArray mix(
      Torch.Scope inner,
      int layer,
      Heads before,
      Heads heads,
      Optional<PtNDArray> sinks,
      Taps taps) {
    if (spec.lendsKeys(layer)) {
      lent.put(
          layer, new Keys(scope.keep(before.k()), scope.keep(heads.k()), scope.keep(heads.v())));
    }
    Sites at = Sites.of(layer);
    boolean shown = taps.wants(at.scores()) || taps.wants(at.pattern());
    AttentionSpec attention = attention(layer);
    boolean explicit =
        shown || sinks.isPresent() || attention.cap() > 0 || !attention.slopes().isEmpty();
    List<PtNDArray> parts = new ArrayList<>();
    int start = 0;
    int run = 0;
    while (run < runs.size()) {
      int end = run;
      int tokens = 0;
      if (explicit || open.changes(layer, runs.get(run))) {
        Run one = runs.get(run);
        tokens = one.length();
        Heads flat = slice(inner, before, start, start + tokens);
        Heads own = slice(inner, heads, start, start + tokens);
        Heads part = withPast(inner, memory(layer), own, one);
        parts.add(open.mix(inner, layer, flat, part, one, run, sinks, taps));
        end = run + 1;
      } else if (alone(layer, runs.get(run))) {
        while (end < runs.size() && alone(layer, runs.get(end))) {
          tokens += runs.get(end++).length();
        }
        parts.add(mixBlocks(inner, layer, heads, start, tokens, runs.subList(run, end)));
      } else if (single(runs.get(run))) {
        while (end < runs.size() && single(runs.get(end))) {
          tokens += runs.get(end++).length();
        }
        Heads part = slice(inner, heads, start, start + tokens);
        parts.add(singles(layer).mix(inner, part, runs.subList(run, end)));
      } else if (behind(layer, runs.get(run))) {
        KeyValues first = runs.get(run).shared().getFirst();
        while (end < runs.size()
            && behind(layer, runs.get(end))
            && runs.get(end).shared().getFirst() == first) {
          tokens += runs.get(end++).length();
        }
        Heads part = slice(inner, heads, start, start + tokens);
        parts.add(singles(layer).mixBehind(inner, part, first, runs.subList(run, end)));
      } else {
        tokens = runs.get(run).length();
        end = run + 1;
        parts.add(mixMasked(inner, layer, heads, start, runs.get(run)));
      }
      start += tokens;
      run = end;
    }
    return parts.size() == 1
        ? parts.getFirst()
        : inner.call("join", (Object) parts.toArray(PtNDArray[]::new));
  }

  /** Whether a run has nothing before it and sees all of itself. */
  private boolean alone(int layer, Run run) {
    return run.before() == 0 && !run.hides() && !slides(layer, run.length());
  }

  private boolean slides(int layer, int tokens) {
    int window = attention(layer).sight().window();
    return window > 0 && tokens > window;
  }

  /** Whether a run is one token behind others. */
  private static boolean single(Run run) {
    return run.length() == 1 && run.shared().isEmpty() && !run.hides() && run.before() > 0;
  }

  /** Whether a run is one token behind its own and, before those, what it shares with others. */
  private boolean behind(int layer, Run run) {
    return run.length() == 1
        && run.shared().size() == 1
        && run.past().isPresent()
        && !run.hides()
        && !slides(layer, run.before() + 1);
  }

  private SingleQueries singles(int layer) {
    return new SingleQueries(memory(layer), attention(layer));
  }

  /** Runs of one length are one block for libtorch. */
  private PtNDArray mixBlocks(
      Torch.Scope inner, int layer, Heads heads, int start, int tokens, List<Run> some) {
    List<Long> counts = new ArrayList<>();
    List<Long> lengths = new ArrayList<>();
    for (Run run : some) {
      if (!lengths.isEmpty() && lengths.getLast() == run.length()) {
        counts.set(counts.size() - 1, counts.getLast() + 1);
      } else {
        lengths.add((long) run.length());
        counts.add(1L);
      }
    }
    Heads part = slice(inner, heads, start, start + tokens);
    keep(inner, memory(layer), part, some);
    return inner.call(
        "attend",
        part.q(),
        part.k(),
        part.v(),
        longs(counts),
        longs(lengths),
        attention(layer).scale(),
        !attention(layer).sight().symmetric());
  }

  /** Adds the keys and values of runs that have none before them. */
  private static void keep(Torch.Scope inner, int layer, Heads heads, List<Run> some) {
    int start = 0;
    for (Run run : some) {
      int end = start + run.length();
      if (run.past().isPresent()) {
        KeyValues past = run.past().get();
        inner.call("put", past.keys(layer), inner.call("rows", heads.k(), start, end), 0);
        inner.call("put", past.values(layer), inner.call("rows", heads.v(), start, end), 0);
      }
      start = end;
    }
  }

  private static long[] longs(List<Long> values) {
    return values.stream().mapToLong(Long::longValue).toArray();
  }

  private Heads slice(Torch.Scope inner, Heads heads, int from, int to) {
    if (from == 0 && to == count) {
      return heads;
    }
    return new Heads(
        inner.call("rows", heads.q(), from, to),
        inner.call("rows", heads.k(), from, to),
        inner.call("rows", heads.v(), from, to));
  }

  /** A run of several tokens behind others, or one that does not see all of itself. */
  private PtNDArray mixMasked(Torch.Scope inner, int layer, Heads heads, int start, Run run) {
    Heads part =
        withPast(inner, memory(layer), slice(inner, heads, start, start + run.length()), run);
    AttentionSpec.Sight sight = attention(layer).sight();
    return inner.call(
        "attend_masked",
        part.q(),
        part.k(),
        part.v(),
        run.before(),
        sight.window(),
        OpenAttention.name(sight),
        attention(layer).scale());
  }

  /** Adds keys and values to those before them, and gives all of them. */
  private static Heads withPast(Torch.Scope inner, int layer, Heads part, Run run) {
    PtNDArray keys = part.k();
    PtNDArray values = part.v();
    if (run.past().isPresent()) {
      KeyValues past = run.past().get();
      int end = past.length() + run.length();
      inner.call("put", past.keys(layer), keys, past.length());
      inner.call("put", past.values(layer), values, past.length());
      keys = inner.call("rows", past.keys(layer), 0, end);
      values = inner.call("rows", past.values(layer), 0, end);
    }
    if (!run.shared().isEmpty()) {
      keys = behind(inner, run.shared().stream().map(s -> s.keys(layer)), keys);
      values = behind(inner, run.shared().stream().map(s -> s.values(layer)), values);
    }
    return new Heads(part.q(), keys, values);
  }

  private static PtNDArray behind(Torch.Scope inner, Stream<PtNDArray> shared, PtNDArray own) {
    PtNDArray[] all = Stream.concat(shared, Stream.of(own)).toArray(PtNDArray[]::new);
    return inner.call("join", (Object) all);
  }
}
