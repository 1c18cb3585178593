package dev.sonde.backend.pytorch;

import ai.djl.pytorch.engine.PtNDArray;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Sequence;
import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.formats.huggingface.Rotary;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Runs of tokens of several sequences, one behind the other. Each run sees itself and what its own
 * sequence has before it, nothing of its neighbours.
 */
final class PackedTokens implements Decoder.Tokens {
  private final DecoderSpec spec;
  private final List<Run> runs;
  private final int count;
  private final Torch.Scope scope;
  private final Map<Rotary, RotaryRows> rotations = new HashMap<>();

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

    /** A run that is added to what is before it. */
    static Run after(KeyValues past, int length, Sequence sequence) {
      return new Run(length, List.of(), Optional.of(past), Optional.of(sequence));
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

  private final Edges edges;

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
    this.edges = edges;
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
    int[] positions = new int[count];
    int at = 0;
    for (Run run : runs) {
      for (int token = 0; token < run.length(); token++) {
        positions[at++] = run.position(token);
      }
    }
    return inner.integers(positions);
  }

  @Override
  public PtNDArray rotate(Torch.Scope inner, int layer, PtNDArray x) {
    Rotary rotary = spec.attention().rotary().get(layer).orElseThrow();
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
    };
  }

  @Override
  public PtNDArray mix(
      Torch.Scope inner, int layer, Decoder.Heads heads, Optional<PtNDArray> sinks, Taps taps) {
    Sites at = Sites.of(layer);
    boolean shown = taps.wants(at.scores()) || taps.wants(at.pattern());
    boolean explicit = shown || sinks.isPresent() || spec.attention().cap() > 0;
    List<PtNDArray> parts = new ArrayList<>();
    int start = 0;
    int run = 0;
    while (run < runs.size()) {
      int end = run;
      int tokens = 0;
      if (explicit || runs.get(run).hides()) {
        parts.add(mixOne(inner, layer, heads, start, run, sinks, taps, at));
        tokens = runs.get(run).length();
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
        parts.add(mixSingles(inner, layer, heads, start, tokens, runs.subList(run, end)));
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
    return run.past().isEmpty()
        && run.shared().isEmpty()
        && !run.hides()
        && !slides(layer, run.length());
  }

  private boolean slides(int layer, int tokens) {
    int window = spec.attention().windows().get(layer);
    return window > 0 && tokens > window;
  }

  /** Whether a run is one token behind others. */
  private static boolean single(Run run) {
    return run.length() == 1 && run.shared().isEmpty() && !run.hides() && run.before() > 0;
  }

  /** Runs of one length are one block for libtorch. */
  private PtNDArray mixBlocks(
      Torch.Scope inner, int layer, Decoder.Heads heads, int start, int tokens, List<Run> some) {
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
    Decoder.Heads part = slice(inner, heads, start, start + tokens);
    return inner.call(
        "attend",
        part.q(),
        part.k(),
        part.v(),
        longs(counts),
        longs(lengths),
        spec.attention().scale(layer));
  }

  private static long[] longs(List<Long> values) {
    return values.stream().mapToLong(Long::longValue).toArray();
  }

  private Decoder.Heads slice(Torch.Scope inner, Decoder.Heads heads, int from, int to) {
    if (from == 0 && to == count) {
      return heads;
    }
    return new Decoder.Heads(
        inner.call("rows", heads.q(), from, to),
        inner.call("rows", heads.k(), from, to),
        inner.call("rows", heads.v(), from, to));
  }

  /** One new token each of many sequences. */
  private PtNDArray mixSingles(
      Torch.Scope inner, int layer, Decoder.Heads heads, int start, int tokens, List<Run> some) {
    List<KeyValues> pasts = some.stream().map(run -> run.past().orElseThrow()).toList();
    Decoder.Heads part = slice(inner, heads, start, start + tokens);
    PtNDArray[] keys = pasts.stream().map(p -> p.keys(layer)).toArray(PtNDArray[]::new);
    PtNDArray[] values = pasts.stream().map(p -> p.values(layer)).toArray(PtNDArray[]::new);
    long[] lengths = pasts.stream().mapToLong(KeyValues::length).toArray();
    int window = spec.attention().windows().get(layer);
    return inner.call(
        "attend_singles",
        part.q(),
        part.k(),
        part.v(),
        keys,
        values,
        lengths,
        window,
        spec.attention().scale(layer));
  }

  /** A run of several tokens behind others, or one that does not see all of itself. */
  private PtNDArray mixMasked(
      Torch.Scope inner, int layer, Decoder.Heads heads, int start, Run run) {
    Decoder.Heads part =
        withPast(inner, layer, slice(inner, heads, start, start + run.length()), run);
    int window = spec.attention().windows().get(layer);
    if (run.before() == 0 && !slides(layer, run.length())) {
      long[] length = {run.length()};
      return inner.call(
          "attend",
          part.q(),
          part.k(),
          part.v(),
          new long[] {1},
          length,
          spec.attention().scale(layer));
    }
    return inner.call(
        "attend_masked",
        part.q(),
        part.k(),
        part.v(),
        run.before(),
        window,
        spec.attention().scale(layer));
  }

  /** Adds keys and values to those before them, and gives all of them. */
  private static Decoder.Heads withPast(Torch.Scope inner, int layer, Decoder.Heads part, Run run) {
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
    return new Decoder.Heads(part.q(), keys, values);
  }

  /** 1 where a query of the run does not see a key, {@code [queries, keys]}. */
  private static PtNDArray hidden(Torch.Scope inner, Run run) {
    int keys = run.before() + run.length();
    float[] hidden = new float[run.length() * keys];
    for (Sequence.Blocked blocked : run.sequence().orElseThrow().blocked()) {
      for (int query = Math.max(blocked.queryFrom(), run.before());
          query < Math.min(blocked.queryTo(), keys);
          query++) {
        for (int key = blocked.keyFrom(); key < Math.min(blocked.keyTo(), keys); key++) {
          hidden[(query - run.before()) * keys + key] = key == query ? 0 : 1;
        }
      }
    }
    return inner.floats(hidden, run.length(), keys);
  }

  private static PtNDArray behind(Torch.Scope inner, Stream<PtNDArray> shared, PtNDArray own) {
    PtNDArray[] all = Stream.concat(shared, Stream.of(own)).toArray(PtNDArray[]::new);
    return inner.call("join", (Object) all);
  }

  /** Scores, softmax and mixing in the open: with soft caps, sinks, or somebody looking. */
  private PtNDArray mixOne(
      Torch.Scope inner,
      int layer,
      Decoder.Heads heads,
      int start,
      int index,
      Optional<PtNDArray> sinks,
      Taps taps,
      Sites at) {
    Run run = runs.get(index);
    DecoderSpec.Attention attention = spec.attention();
    Decoder.Heads part =
        withPast(inner, layer, slice(inner, heads, start, start + run.length()), run);
    PtNDArray scores =
        inner.call(
            "scores",
            part.q(),
            part.k(),
            run.before(),
            attention.windows().get(layer),
            attention.scale(layer),
            attention.cap());
    if (run.hides()) {
      scores = inner.call("hide", scores, hidden(inner, run));
    }
    if (taps.wants(at.scores())) {
      edges.at(at.scores(), index, scores);
    }
    PtNDArray pattern =
        sinks.isPresent()
            ? inner.call("softmax_with_sinks", scores, sinks.get())
            : inner.call("softmax", scores);
    if (taps.wants(at.pattern())) {
      edges.at(at.pattern(), index, pattern);
    }
    return inner.call("mix", pattern, part.v());
  }
}
