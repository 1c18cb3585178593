package dev.sonde.probe.position.perturb;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.model.Sequence.Distances;
import dev.sonde.api.probe.Artifact;
import dev.sonde.api.probe.Model;
import dev.sonde.api.probe.ShardContext;
import dev.sonde.probe.position.estimate.AttentionBlock;
import dev.sonde.probe.position.estimate.AxisFits;
import dev.sonde.probe.position.read.NamedModels;
import dev.sonde.probe.position.read.Text;
import dev.sonde.probe.position.read.TextShard;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Some texts run under every condition of one perturbation: each condition is data on sequences,
 * scored on the same target tokens as the texts as they are.
 */
public final class PerturbedShard {
  /** The version of what shards give. */
  public static final int VERSION = 3;

  private static final String PERTURBATION = "perturbation";
  private static final String LOSSES = "losses";
  private static final String SHUFFLES = "shuffles";
  private static final String HEADS = "heads";
  private static final String NATS = "nats";
  private static final String COUNTED = "tokens";

  private final PerturbationSettings settings;
  private final ShardContext context;
  private final List<AttentionBlock> blocks;
  private final AxisFits fits;
  private final TextShard shard;
  private final Model model;
  private final Losses before;
  private final List<Losses.Change[]> changes = new ArrayList<>();

  private PerturbedShard(
      PerturbationSettings settings,
      ShardContext context,
      List<AttentionBlock> blocks,
      AxisFits fits,
      TextShard shard) {
    this.settings = settings;
    this.context = context;
    this.blocks = blocks;
    this.fits = fits;
    this.shard = shard;
    this.model = NamedModels.named(shard.model(), context);
    this.before = Losses.of(model, plain());
  }

  /**
   * What a shard is given.
   *
   * @param shuffles of all texts, an order of its keys for each
   * @param heads those that are run alone
   */
  static Artifact input(
      TextShard shard, Perturbation perturbation, List<int[]> shuffles, List<Head> heads) {
    Artifact input = shard.input().with(PERTURBATION, perturbation.name());
    if (perturbation == Perturbation.LENGTH) {
      return input;
    }
    List<int[]> own = shuffles.subList(shard.first(), shard.first() + shard.texts().size());
    long[] pairs =
        heads.stream()
            .flatMapToInt(head -> IntStream.of(head.layer(), head.head()))
            .asLongStream()
            .toArray();
    return input.with(SHUFFLES, TextShard.longs(own)).with(HEADS, pairs);
  }

  private static List<Head> heads(Artifact input) {
    return TextShard.arrays(input.integers(HEADS), 2).stream()
        .map(pair -> new Head(pair[0], pair[1]))
        .toList();
  }

  /**
   * Runs a shard: per condition and text the change of losses, over how many tokens, and what the
   * texts cost as they are, which is run first.
   */
  public static Artifact of(
      Artifact input,
      ShardContext context,
      PerturbationSettings settings,
      List<AttentionBlock> blocks,
      AxisFits fits) {
    TextShard shard = TextShard.of(input);
    Perturbation perturbation = Perturbation.valueOf(input.text(PERTURBATION));
    if (perturbation == Perturbation.LENGTH) {
      Model model = NamedModels.named(shard.model(), context);
      int trained = settings.trained(model.capabilities().longestContext());
      LongContexts contexts = new LongContexts(model, trained);
      return artifact(contexts.changes(shard.texts()), shard.texts().size());
    }
    PerturbedShard run = new PerturbedShard(settings, context, blocks, fits, shard);
    List<int[]> shuffles =
        TextShard.arrays(input.integers(SHUFFLES), settings.window() - settings.first());
    List<PerturbationCase> conditions =
        Conditions.of(perturbation, settings, run.model.info(), heads(input));
    switch (perturbation) {
      case ORDER, POSITIONS -> run.swapped(perturbation);
      case JITTER -> run.jittered();
      case SUBSTITUTION -> run.substituted(shuffles);
      case SUBSTITUTED_BLOCKS, SUBSTITUTED_HEADS -> run.substitutedAlone(conditions, shuffles);
      case CONSTANT_DISTANCE -> run.atOneDistance(conditions);
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

  private List<Sequence> plain() {
    return shard.texts().stream().map(Text::sequence).toList();
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
    keep(Losses.of(model, sequences), counted);
  }

  private void keep(Losses after, Counted counted) {
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
                  t -> {
                    Text text = shard.texts().get(t);
                    return perturbation == Perturbation.ORDER
                        ? text.sequence(Swaps.applied(orders.get(t), text.ids()))
                        : moved(text, orders.get(t));
                  })
              .toList();
      run(perturbation.key() + " " + fraction, sequences, (t, i) -> orders.get(t)[i] == i);
    }
  }

  /** A text whose tokens have other positions; as it is where they are their own. */
  private static Sequence moved(Text text, int[] order) {
    boolean still = IntStream.range(0, order.length).allMatch(i -> order[i] == i);
    return still ? text.sequence() : text.sequence().positions(order);
  }

  private Substitution substitution() {
    return new Substitution(model, context.linearAlgebra(), blocks, settings.window());
  }

  private void everywhere(String what, OtherLogits other) {
    int layers = model.info().layers();
    String shown = "%s, %s".formatted(what, shard.name());
    keep(
        substitution()
            .everywhere(shard.texts(), other, done -> context.progress(shown, done, layers)),
        (t, i) -> true);
  }

  /** P3a: a share of the query-key pairs at a distance that is off by up to the reach. */
  private void jittered() {
    for (double fraction : settings.fractions()) {
      List<int[]> offsets =
          IntStream.range(0, texts())
              .mapToObj(text -> offsets(random("jitter", text), fraction))
              .toList();
      String what = Perturbation.JITTER.key() + " " + fraction;
      if (fraction == 0) {
        run(what, plain(), (t, i) -> true);
      } else {
        everywhere(what, OtherLogits.jitter(offsets));
      }
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

  private OtherLogits other(Substitute substitute, List<int[]> shuffles) {
    return OtherLogits.of(substitute, context.linearAlgebra(), fits, settings.first(), shuffles);
  }

  /** P3b: the logits themselves, f + g and its parts, and nothing in their place. */
  private void substituted(List<int[]> shuffles) {
    for (Substitute each : Substitute.values()) {
      everywhere(Perturbation.SUBSTITUTION.key() + "." + each.key(), other(each, shuffles));
    }
  }

  /** P3b in one block or head at a time. */
  private void substitutedAlone(List<PerturbationCase> conditions, List<int[]> shuffles) {
    List<Substitution.Place> places =
        conditions.stream().map(condition -> place(condition, shuffles)).toList();
    int layers = model.info().layers();
    String shown = "other logits in one place, " + shard.name();
    substitution()
        .alone(shard.texts(), places, done -> context.progress(shown, done, layers))
        .forEach(losses -> keep(losses, (t, i) -> true));
  }

  private Substitution.Place place(PerturbationCase condition, List<int[]> shuffles) {
    Integer head = condition.where().get(PerturbationCase.HEAD);
    return new Substitution.Place(
        condition.where().getOrDefault(PerturbationCase.LAYER, 0),
        head == null ? OptionalInt.empty() : OptionalInt.of(head),
        other(Substitute.named(condition.variant()), shuffles));
  }

  /** P3c: every key seems equally far away. */
  private void atOneDistance(List<PerturbationCase> conditions) {
    for (PerturbationCase condition : conditions) {
      int distance = condition.where().getOrDefault(Conditions.DISTANCE, 0);
      Distances all = Distances.constant(distance);
      List<Sequence> sequences =
          shard.texts().stream().map(text -> text.sequence().distances(all)).toList();
      run(condition.perturbation() + " of " + distance, sequences, (t, i) -> true);
    }
  }
}
