package dev.sonde.backend.pytorch;

import dev.sonde.api.model.Sequence;
import dev.sonde.packing.TokenBudget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What the sequences of a request have in common at their beginnings, run once. Each sequence is
 * then run only from where it parts from the others and from what the cache knows.
 */
final class SharedPrefixes implements AutoCloseable {
  /** A common run shorter than this is run with each sequence: attention over parts costs too. */
  private static final int WORTH_SHARING = 8;

  /**
   * Sharing begins to pay when it saves this part of all tokens: it makes more and smaller batches
   * (measured: no gain at 15 %).
   */
  private static final double WORTH_PLANNING = 0.25;

  private final Transformer decoder;
  private final PrefixCache cache;
  private final List<int[]> tokens;
  private final int[] limits;
  private final boolean[] plain;
  private final int blocks;
  private final int tokenBudget;
  private final PrefixCache.Node[] ends;
  private final PrefixCache.Node[] kept;
  private final float[][] known;
  private final boolean keeps;
  private final List<PrefixCache.Node> held = new ArrayList<>();

  /** A run that several sequences share. */
  private record Shared(PrefixCache.Node parent, int[] run, List<Integer> sequences) {}

  /**
   * Runs what is shared.
   *
   * @param limits per sequence, how many of its first tokens nobody reads or changes, what is known
   *     left out
   * @param known per sequence, the log-probabilities of its tokens where they are known
   * @param blocks how many blocks are run
   * @param recorded whether what is run behind is part of a graph: it is then not kept
   */
  SharedPrefixes(
      Transformer decoder,
      PrefixCache cache,
      List<Sequence> sequences,
      int[] limits,
      float[][] known,
      int blocks,
      int tokenBudget,
      boolean recorded) {
    this.decoder = decoder;
    this.cache = cache;
    this.tokens = sequences.stream().map(Sequence::tokens).toList();
    this.limits = limits.clone();
    this.plain = new boolean[sequences.size()];
    for (int i = 0; i < plain.length; i++) {
      plain[i] = isPlain(sequences.get(i));
      this.limits[i] = Math.min(limits[i], untouched(sequences.get(i)));
    }
    this.known = known;
    this.blocks = blocks;
    this.tokenBudget = tokenBudget;
    this.ends = new PrefixCache.Node[tokens.size()];
    this.kept = new PrefixCache.Node[tokens.size()];
    if (cache.mostBytes() == 0) {
      this.keeps = false;
      return;
    }
    List<Integer> order =
        IntStream.range(0, tokens.size())
            .boxed()
            .sorted(Comparator.comparing(tokens::get, Arrays::compare))
            .toList();
    if (pays(order)) {
      share(order);
    } else if (fits()) {
      IntStream.range(0, ends.length).forEach(sequence -> take(sequence, cache.root()));
    }
    this.keeps = !recorded && fits();
  }

  /** Whether others may go on from what is run of a sequence. */
  static boolean isPlain(Sequence sequence) {
    return sequence.interventions().isEmpty() && sequence.features().isEmpty();
  }

  /** How many of its first tokens are run as those of a plain sequence: what follows is unseen. */
  private static int untouched(Sequence sequence) {
    return sequence.features().isEmpty() ? Edits.firstChanged(sequence) : 0;
  }

  /** Whether enough of the tokens are shared among sequences or with the cache. */
  private boolean pays(List<Integer> order) {
    long all = 0;
    long saved = 0;
    for (int i = 0; i < order.size(); i++) {
      int sequence = order.get(i);
      int run = cache.longest(tokens.get(sequence), limits[sequence], blocks).end();
      int common = i == 0 ? 0 : common(order.get(i - 1), sequence);
      all += tokens.get(sequence).length;
      saved += Math.max(run, common);
    }
    return saved > WORTH_PLANNING * all;
  }

  /** Length of the beginning that two sequences share and nobody reads. */
  private int common(int a, int b) {
    int different = Arrays.mismatch(tokens.get(a), tokens.get(b));
    int same = different < 0 ? tokens.get(a).length : different;
    return Math.min(same, Math.min(limits[a], limits[b]));
  }

  /** Runs shared runs, parents before children, many at a time. */
  private void share(List<Integer> order) {
    List<List<Integer>> groups = List.of(order);
    while (!groups.isEmpty()) {
      List<Shared> wave = new ArrayList<>();
      List<List<Integer>> next = new ArrayList<>();
      for (List<Integer> group : groups) {
        wave.addAll(sharedBy(group, next));
      }
      run(wave);
      groups = next;
    }
  }

  /**
   * The shared run of sequences in order of their tokens, and the groups that share more.
   *
   * @return one run, or none where it is in the cache or too short
   */
  private List<Shared> sharedBy(List<Integer> group, List<List<Integer>> next) {
    int first = group.getFirst();
    PrefixCache.Node known = cache.longest(tokens.get(first), limits[first], blocks);
    if (group.size() == 1) {
      take(first, known);
      return List.of();
    }
    int common = group.stream().mapToInt(s -> common(first, s)).min().orElseThrow();
    PrefixCache.Node parent = cache.longest(tokens.get(first), common, blocks);
    int begin = parent.end();
    List<Shared> runs = new ArrayList<>();
    if (common - begin >= WORTH_SHARING) {
      int[] run = Arrays.copyOfRange(tokens.get(first), begin, common);
      hold(parent);
      runs.add(new Shared(parent, run, group));
    } else {
      group.forEach(sequence -> take(sequence, parent));
    }
    int from = 0;
    for (int i = 1; i <= group.size(); i++) {
      if (i == group.size() || !together(group.get(from), group.get(i), common)) {
        next.add(group.subList(from, i));
        from = i;
      }
    }
    return next.size() == 1 && next.getFirst().equals(group) ? stop(group, next, runs) : runs;
  }

  /** A group that cannot be parted further: some sequence is read right behind what they share. */
  private static List<Shared> stop(
      List<Integer> group, List<List<Integer>> next, List<Shared> runs) {
    next.clear();
    group.forEach(sequence -> next.add(List.of(sequence)));
    return runs;
  }

  /** Whether two sequences share the token behind what all share. */
  private boolean together(int a, int b, int common) {
    return common(a, b) > common;
  }

  private void hold(PrefixCache.Node node) {
    cache.hold(node);
    held.add(node);
  }

  private void take(int sequence, PrefixCache.Node node) {
    ends[sequence] = node;
    hold(node);
  }

  private void run(List<Shared> wave) {
    TokenBudget.cut(wave.size(), i -> wave.get(i).run().length, tokenBudget)
        .forEach(part -> runPacked(wave.subList(part.from(), part.to())));
  }

  private void runPacked(List<Shared> some) {
    List<PackedTokens.Run> runs = new ArrayList<>();
    for (Shared shared : some) {
      KeyValues own = cache.layout().room(shared.run().length);
      runs.add(
          new PackedTokens.Run(
              shared.run().length,
              shared.parent().keyValues(),
              Optional.of(own),
              Optional.empty()));
    }
    int[] ids = some.stream().flatMapToInt(shared -> IntStream.of(shared.run())).toArray();
    try (Torch.Scope scope = cache.layout().torch().scope()) {
      PackedTokens packed =
          new PackedTokens(decoder.spec(), runs, scope, (point, run, edges) -> {});
      decoder.run(scope, ids, packed, Taps.NONE, blocks);
      packed.advance();
    }
    for (int i = 0; i < some.size(); i++) {
      Shared shared = some.get(i);
      KeyValues own = runs.get(i).past().orElseThrow();
      PrefixCache.Node node = cache.add(shared.parent(), shared.run(), own, blocks);
      shared.sequences().forEach(sequence -> take(sequence, node));
    }
  }

  /** How many first tokens of a sequence need not be run again. */
  int skipped(int sequence) {
    return ends[sequence] == null ? 0 : ends[sequence].end();
  }

  /** Keys and values of a sequence's tokens that need not be run again. */
  List<KeyValues> known(int sequence) {
    return ends[sequence] == null ? List.of() : ends[sequence].keyValues();
  }

  /** The run of a sequence behind its shared beginning, with room for what is kept of it. */
  PackedTokens.Run run(int index, int length, Sequence sequence) {
    Optional<KeyValues> room =
        plain[index] && keeps ? Optional.of(cache.layout().room(length)) : Optional.empty();
    return new PackedTokens.Run(length, ends[index].keyValues(), room, Optional.of(sequence));
  }

  /** Keeps what was run of a sequence behind its shared beginning. */
  void keep(int sequence, PackedTokens.Run run) {
    int begin = skipped(sequence);
    int[] rest = Arrays.copyOfRange(tokens.get(sequence), begin, tokens.get(sequence).length);
    run.past().ifPresent(own -> kept[sequence] = cache.add(ends[sequence], rest, own, blocks));
  }

  /** The log-probability of a token that is not run again. */
  float logProbability(int sequence, int position) {
    return known[sequence][position];
  }

  /** Keeps the log-probability of one of a sequence's own tokens. */
  void know(int sequence, Sequence.Target target, float logProbability) {
    PrefixCache.Node node = kept[sequence];
    if (node != null
        && target.position() < node.end()
        && tokens.get(sequence)[target.position()] == target.token()) {
      node.know(target.position(), logProbability);
    }
  }

  /** Whether a request does not only push out what it kept itself. */
  private boolean fits() {
    long rest = 0;
    for (int i = 0; i < ends.length; i++) {
      rest += tokens.get(i).length - skipped(i);
    }
    return rest * cache.layout().bytesPerToken() <= cache.mostBytes();
  }

  /** Whether anything is shared. */
  boolean isActive() {
    return ends.length > 0 && ends[0] != null;
  }

  @Override
  public void close() {
    held.forEach(cache::release);
    held.clear();
  }
}
