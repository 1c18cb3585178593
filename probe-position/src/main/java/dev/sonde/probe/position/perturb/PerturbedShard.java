package dev.sonde.probe.position.perturb;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.model.Sequence.Distances;
import dev.sonde.api.probe.Artifact;
import dev.sonde.api.probe.Model;
import dev.sonde.api.probe.ShardContext;
import dev.sonde.probe.position.estimate.AttentionBlock;
import dev.sonde.probe.position.read.NamedModels;
import dev.sonde.probe.position.read.TextShard;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Some texts run under every condition of one perturbation: each condition is data on sequences,
 * scored on the same target tokens as the texts as they are.
 */
public final class PerturbedShard {
  /** The version of what shards give. */
  public static final int VERSION = 2;

  private static final String PERTURBATION = "perturbation";
  private static final String LOSSES = "losses";
  private static final String SHUFFLES = "shuffles";
  private static final String NATS = "nats";
  private static final String COUNTED = "tokens";

  /** What stands in place of logits: themselves, E3, E4, parts of E3, nothing. */
  private static final List<String> SUBSTITUTES =
      List.of("exact", "e3", "e4", "shuffled", "f", "g", "uniform");

  /** Distances that all keys are put to, as far as a text is long. */
  private static final int[] DISTANCES = {0, 1, 8, 64};

  private final PerturbationSettings settings;
  private final ShardContext context;
  private final List<AttentionBlock> blocks;
  private final TextShard shard;
  private final Model model;
  private final Losses before;
  private final List<Losses.Change[]> changes = new ArrayList<>();

  private PerturbedShard(
      PerturbationSettings settings,
      ShardContext context,
      List<AttentionBlock> blocks,
      TextShard shard) {
    this.settings = settings;
    this.context = context;
    this.blocks = blocks;
    this.shard = shard;
    this.model = NamedModels.named(shard.model(), context);
    this.before = Losses.of(model, plain());
  }

  /** The conditions of a perturbation of texts that are no long contexts. */
  static List<PerturbationCase> conditions(
      Perturbation perturbation, PerturbationSettings settings) {
    String key = perturbation.key();
    return switch (perturbation) {
      case ORDER, POSITIONS, JITTER ->
          settings.fractions().stream()
              .map(fraction -> PerturbationCase.of(key, fraction))
              .toList();
      case SUBSTITUTION ->
          SUBSTITUTES.stream().map(name -> PerturbationCase.of(key + "." + name, 1)).toList();
      case CONSTANT_DISTANCE ->
          IntStream.of(DISTANCES)
              .filter(distance -> distance < settings.window())
              .mapToObj(distance -> new PerturbationCase(key, 1, "distance", distance))
              .toList();
      case LENGTH -> List.of();
    };
  }

  /**
   * What a shard is given.
   *
   * @param shuffles of all texts, an order of its keys for each
   */
  static Artifact input(TextShard shard, Perturbation perturbation, List<int[]> shuffles) {
    List<int[]> own = shuffles.subList(shard.first(), shard.first() + shard.texts().size());
    return shard
        .input()
        .with(PERTURBATION, perturbation.name())
        .with(SHUFFLES, TextShard.longs(own));
  }

  /** The same for long contexts. */
  static Artifact input(TextShard shard) {
    return shard.input().with(PERTURBATION, Perturbation.LENGTH.name());
  }

  /**
   * Runs a shard: per condition and text the change of losses, over how many tokens, and what the
   * texts cost as they are, which is run first.
   */
  public static Artifact of(
      Artifact input,
      ShardContext context,
      PerturbationSettings settings,
      List<AttentionBlock> blocks) {
    TextShard shard = TextShard.of(input);
    Perturbation perturbation = Perturbation.valueOf(input.text(PERTURBATION));
    if (perturbation == Perturbation.LENGTH) {
      Model model = NamedModels.named(shard.model(), context);
      int trained = settings.trained(model.capabilities().longestContext());
      LongContexts contexts = new LongContexts(model, trained);
      return artifact(contexts.changes(shard.texts()), shard.texts().size());
    }
    PerturbedShard run = new PerturbedShard(settings, context, blocks, shard);
    switch (perturbation) {
      case ORDER, POSITIONS -> run.swapped(perturbation);
      case JITTER -> run.jittered();
      case SUBSTITUTION -> {
        int length = settings.window() - settings.first();
        run.substituted(TextShard.arrays(input.integers(SHUFFLES), length));
      }
      case CONSTANT_DISTANCE -> run.atOneDistance();
      case LENGTH -> throw new IllegalStateException("long contexts are run above");
    }
    return artifact(run.changes, run.texts()).with(LOSSES, run.before.matrix());
  }

  private static Artifact artifact(List<Losses.Change[]> changes, int texts) {
    Matrix nats = Matrix.zeros(Matrix.Type.FLOAT64, changes.size(), texts);
    long[] tokens = new long[changes.size() * texts];
    for (int condition = 0; condition < changes.size(); condition++) {
      for (int text = 0; text < texts; text++) {
        Losses.Change change = changes.get(condition)[text];
        nats.set(condition, text, change.nats());
        tokens[condition * texts + text] = change.tokens();
      }
    }
    return Artifact.empty().with(NATS, nats).with(COUNTED, tokens);
  }

  /** What the texts of some shards cost as they are. */
  static Losses losses(List<Artifact> shards) {
    return Losses.joined(shards.stream().map(shard -> shard.tensor(LOSSES)).toList());
  }

  /** The changes of one condition in all shards, one a text. */
  static List<Losses.Change> changes(int condition, List<Artifact> shards) {
    List<Losses.Change> changes = new ArrayList<>();
    for (Artifact shard : shards) {
      Matrix nats = shard.tensor(NATS);
      long[] tokens = shard.integers(COUNTED);
      for (int text = 0; text < nats.columns(); text++) {
        long counted = tokens[condition * nats.columns() + text];
        changes.add(new Losses.Change(nats.get(condition, text), Math.toIntExact(counted)));
      }
    }
    return changes;
  }

  private static Sequence plain(int[] text) {
    return Sequence.of(text).scoreFrom(1);
  }

  private List<Sequence> plain() {
    return shard.texts().stream().map(PerturbedShard::plain).toList();
  }

  private int texts() {
    return shard.texts().size();
  }

  /** Random numbers of a text, the same in whatever shard it is. */
  private RandomGenerator random(String purpose, int text) {
    return context.random(purpose + " " + (shard.first() + text));
  }

  /** Which tokens of a text count. */
  private interface Counted {
    boolean test(int text, int token);
  }

  private void run(String what, List<Sequence> sequences, Counted counted) {
    context.progress("%s, %s".formatted(what, shard.name()), 0, 0);
    Losses after = Losses.of(model, sequences);
    Losses.Change[] all = new Losses.Change[texts()];
    for (int text = 0; text < all.length; text++) {
      int own = text;
      IntPredicate which = token -> counted.test(own, token);
      all[text] = after.change(text, before, settings.window(), which);
    }
    changes.add(all);
  }

  /** P1 and P2: the same pairs, of tokens or of positions; scored are tokens that did not move. */
  private void swapped(Perturbation perturbation) {
    List<Swaps> swaps =
        IntStream.range(0, texts())
            .mapToObj(text -> Swaps.of(random("swaps", text), settings.window(), settings.reach()))
            .toList();
    for (double fraction : settings.fractions()) {
      List<int[]> orders = swaps.stream().map(swap -> swap.order(fraction)).toList();
      List<Sequence> sequences =
          IntStream.range(0, texts())
              .mapToObj(
                  t ->
                      perturbation == Perturbation.ORDER
                          ? plain(Swaps.applied(orders.get(t), shard.texts().get(t)))
                          : moved(shard.texts().get(t), orders.get(t)))
              .toList();
      run(perturbation.key() + " " + fraction, sequences, (t, i) -> orders.get(t)[i] == i);
    }
  }

  /** A text whose tokens have other positions; as it is where they are their own. */
  private static Sequence moved(int[] text, int[] order) {
    boolean still = IntStream.range(0, order.length).allMatch(i -> order[i] == i);
    return still ? plain(text) : Sequence.of(text).positions(order).scoreFrom(1);
  }

  private Substitution substitution() {
    return new Substitution(
        model, context.linearAlgebra(), blocks, settings.first(), settings.window());
  }

  /** P3a: a share of the query-key pairs at a distance that is off by up to the reach. */
  private void jittered() {
    Substitution substitution = substitution();
    for (double fraction : settings.fractions()) {
      List<int[]> offsets =
          IntStream.range(0, texts())
              .mapToObj(text -> offsets(random("jitter", text), fraction))
              .toList();
      List<Sequence> sequences =
          fraction == 0
              ? plain()
              : substitution.sequences(shard.texts(), substitution.jitter(offsets));
      run(Perturbation.JITTER.key() + " " + fraction, sequences, (t, i) -> true);
    }
  }

  private int[] offsets(RandomGenerator random, double fraction) {
    int[] offsets = new int[settings.window() * settings.window()];
    for (int cell = 0; cell < offsets.length; cell++) {
      double drawn = random.nextDouble();
      int offset = (1 + random.nextInt(settings.reach())) * (random.nextBoolean() ? 1 : -1);
      offsets[cell] = drawn < fraction ? offset : 0;
    }
    return offsets;
  }

  /** P3b: the logits themselves, f + g and its parts, and nothing in their place. */
  private void substituted(List<int[]> shuffles) {
    Substitution substitution = substitution();
    List<int[]> inOrder =
        shuffles.stream().map(order -> IntStream.range(0, order.length).toArray()).toList();
    for (String name : SUBSTITUTES) {
      Substitution.Other other =
          switch (name) {
            case "exact" -> substitution.exact();
            case "e3" -> substitution.additive(AttentionBlock::dummy, inOrder);
            case "e4" -> substitution.additive(AttentionBlock::features, inOrder);
            case "f" -> substitution.additive(block -> block.dummy().positionAlone(), inOrder);
            case "g" -> substitution.additive(block -> block.dummy().contentAlone(), inOrder);
            case "uniform" -> substitution.uniform();
            default -> substitution.additive(AttentionBlock::dummy, shuffles);
          };
      String what = Perturbation.SUBSTITUTION.key() + "." + name;
      run(what, substitution.sequences(shard.texts(), other), (t, i) -> true);
    }
  }

  /** P3c: every key seems equally far away. */
  private void atOneDistance() {
    for (PerturbationCase condition : conditions(Perturbation.CONSTANT_DISTANCE, settings)) {
      Distances all = Distances.constant(condition.amount());
      List<Sequence> sequences =
          shard.texts().stream()
              .map(text -> Sequence.of(text).distances(all).scoreFrom(1))
              .toList();
      run(condition.perturbation() + " of " + condition.amount(), sequences, (t, i) -> true);
    }
  }
}
