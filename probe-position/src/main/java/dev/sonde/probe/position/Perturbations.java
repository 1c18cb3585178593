package dev.sonde.probe.position;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.Intervention;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.model.Sequence.Distances;
import dev.sonde.api.probe.Model;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Report;
import dev.sonde.statistics.ClusterBootstrap;
import dev.sonde.statistics.Groups;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * What perturbations do to a running model: each is data on sequences, scored on the same target
 * tokens as the texts as they are.
 */
final class Perturbations {
  /** Approximations put in place of logits: none, E3, E4, E3 with a shuffled g. */
  private static final int SUBSTITUTIONS = 4;

  /** Distances that all keys are put to, as far as a text is long. */
  private static final int[] DISTANCES = {0, 1, 8, 64};

  private final Setup setup;
  private final ProbeContext context;
  private final List<int[]> texts;
  private final List<int[]> longTexts;
  private final List<Block> blocks;
  private final List<int[]> shuffles;
  private final Map<Kind, String> leftOut = new EnumMap<>(Kind.class);

  /**
   * Perturbations.
   *
   * @param longTexts those that lengths are tried on, the last being the longest multiple
   * @param shuffles per text an order of its keys
   */
  Perturbations(
      Setup setup,
      ProbeContext context,
      List<int[]> texts,
      List<int[]> longTexts,
      List<Block> blocks,
      List<int[]> shuffles) {
    this.setup = setup;
    this.context = context;
    this.texts = List.copyOf(texts);
    this.longTexts = List.copyOf(longTexts);
    this.blocks = List.copyOf(blocks);
    this.shuffles = List.copyOf(shuffles);
  }

  /** All effects on a model, of lengths apart. */
  List<Effect> of(String name, Model model) {
    Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      if (kind != Kind.LENGTH && setup.asks(kind)) {
        counts.put(kind, texts(kind, model));
      }
    }
    int most = counts.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    if (most == 0) {
      return List.of();
    }
    Run run =
        new Run(
            name,
            model,
            Losses.of(model, texts.subList(0, most).stream().map(Perturbations::plain).toList()));
    context
        .report()
        .metric(
            Metric.of("perplexity", run.before().perplexity())
                .where("model", name)
                .n(most * (setup.window() - 1)));
    List<Effect> effects = new ArrayList<>();
    counts.forEach(
        (kind, count) -> {
          if (count > 0) {
            effects.addAll(effects(kind, run, count));
          }
        });
    return effects;
  }

  /** What longer contexts do to the model that was trained: a fresh one has no trained window. */
  List<Effect> lengths(String name, Model model) {
    int count = setup.asks(Kind.LENGTH) ? texts(Kind.LENGTH, model) : 0;
    return count == 0
        ? List.of()
        : new Lengths(model, name, trained(model)).effects(longTexts.subList(0, count), this);
  }

  /** A model, and what its texts cost as they are. */
  private record Run(String name, Model model, Losses before) {}

  private static Sequence plain(int[] text) {
    return Sequence.builder(text).scoreFrom(1).build();
  }

  /** The window that a model was trained with. */
  private int trained(Model model) {
    return setup.trainedLength().orElse(model.capabilities().longestContext());
  }

  /** Notes of what was left out, and why. */
  void remark(Report report) {
    leftOut.forEach(
        (kind, why) -> report.note("Perturbation %s is left out: %s.".formatted(kind.key(), why)));
  }

  /** On how many texts a kind can be run; 0 with the reason where it cannot. */
  private int texts(Kind kind, Model model) {
    Set<String> missing = missing(kind, model);
    if (!missing.isEmpty()) {
      leftOut.put(kind, "the backend does not offer " + String.join(", ", missing));
      return 0;
    }
    boolean ofScores = kind == Kind.JITTER || kind == Kind.SUBSTITUTION;
    if (ofScores && blocks.stream().anyMatch(block -> !block.turning())) {
      leftOut.put(kind, "some blocks of the model do not turn queries and keys with distance");
      return 0;
    }
    List<int[]> there = kind == Kind.LENGTH ? longTexts : texts;
    if (there.isEmpty()) {
      leftOut.put(
          kind,
          "the rows do not fill one text of twice the trained window of %d tokens"
              .formatted(trained(model)));
      return 0;
    }
    long cost = cost(kind, model);
    long affordable = setup.budget() / Math.max(1, cost);
    if (affordable == 0) {
      leftOut.put(
          kind,
          "one text takes %d tokens × blocks, the setting budget allows %d"
              .formatted(cost, setup.budget()));
      return 0;
    }
    int wanted = kind == Kind.LENGTH ? setup.longTexts() : setup.perturbedTexts();
    return (int) Math.min(affordable, Math.min(there.size(), wanted));
  }

  private Set<String> missing(Kind kind, Model model) {
    Set<String> needed =
        switch (kind) {
          case ORDER -> Set.of();
          case POSITIONS -> Set.of(Capabilities.POSITIONS);
          case JITTER, SUBSTITUTION -> Set.of(Capabilities.SCORES, Intervention.REPLACE);
          case CONSTANT_DISTANCE -> Set.of(Capabilities.DISTANCES);
          case LENGTH ->
              Set.of(
                  Capabilities.BEYOND_CONTEXT, Capabilities.ATTENTION_MASK, Capabilities.DISTANCES);
        };
    Set<String> missing = new TreeSet<>(needed);
    missing.removeAll(model.capabilities().features());
    missing.removeAll(model.capabilities().interventions());
    return missing;
  }

  /** Tokens × blocks that one text takes. */
  private long cost(Kind kind, Model model) {
    long layers = model.info().layers();
    long plain = setup.window() * layers;
    long blockByBlock = setup.window() * layers * (layers + 1) / 2 + plain;
    return switch (kind) {
      case ORDER, POSITIONS -> plain * setup.fractions().size();
      case CONSTANT_DISTANCE -> plain * DISTANCES.length;
      case JITTER -> blockByBlock * setup.fractions().size();
      case SUBSTITUTION -> blockByBlock * SUBSTITUTIONS;
      case LENGTH -> layers * Lengths.tokens(trained(model), longTexts);
    };
  }

  private List<Effect> effects(Kind kind, Run run, int count) {
    return switch (kind) {
      case ORDER, POSITIONS -> swapped(kind, run, count);
      case JITTER -> jittered(run, count);
      case SUBSTITUTION -> substituted(run, count);
      case CONSTANT_DISTANCE -> atOneDistance(run, count);
      case LENGTH -> List.of();
    };
  }

  /** P1 and P2: the same pairs, of tokens or of positions; scored are tokens that did not move. */
  private List<Effect> swapped(Kind kind, Run run, int count) {
    List<Effect> effects = new ArrayList<>();
    List<Swaps> swaps =
        IntStream.range(0, count)
            .mapToObj(
                text -> Swaps.of(context.random("swaps " + text), setup.window(), setup.reach()))
            .toList();
    for (double fraction : setup.fractions()) {
      List<int[]> orders = swaps.stream().map(swap -> swap.order(fraction)).toList();
      List<Sequence> sequences =
          IntStream.range(0, count)
              .mapToObj(
                  t ->
                      kind == Kind.ORDER
                          ? plain(Swaps.applied(orders.get(t), texts.get(t)))
                          : moved(texts.get(t), orders.get(t)))
              .toList();
      Losses after = losses(run, kind.key(), fraction, sequences);
      effects.add(effect(run, kind.key(), fraction, "", 0, after, (t, i) -> orders.get(t)[i] == i));
    }
    return effects;
  }

  /** A text whose tokens have other positions; as it is where they are their own. */
  private static Sequence moved(int[] text, int[] order) {
    boolean still = IntStream.range(0, order.length).allMatch(i -> order[i] == i);
    return still ? plain(text) : Sequence.builder(text).positions(order).scoreFrom(1).build();
  }

  private Losses losses(Run run, String what, double fraction, List<Sequence> sequences) {
    context.progress("%s %s, %s".formatted(what, fraction, run.name()), 0, 0);
    return Losses.of(run.model(), sequences);
  }

  /** Which tokens of a text count. */
  private interface Counted {
    boolean test(int text, int token);
  }

  private Effect effect(
      Run run,
      String perturbation,
      double fraction,
      String detail,
      int amount,
      Losses after,
      Counted counted) {
    List<Losses.Change> changes = new ArrayList<>();
    for (int text = 0; text < after.perText().length; text++) {
      int own = text;
      IntPredicate which = token -> counted.test(own, token);
      changes.add(after.change(text, run.before(), setup.window(), which));
    }
    return effect(run.name(), perturbation, fraction, detail, amount, changes);
  }

  Effect effect(
      String model,
      String perturbation,
      double fraction,
      String detail,
      int amount,
      List<Losses.Change> changes) {
    RandomGenerator random = context.random("bootstrap of " + changes.size() + " perturbed texts");
    Groups each = Groups.ofSingleRows(changes.size());
    ClusterBootstrap bootstrap = new ClusterBootstrap(each, context.bootstrapDraws(), random);
    return Effect.of(model, perturbation, fraction, detail, amount, changes, bootstrap);
  }

  /** P3a: a share of the query-key pairs at a distance that is off by up to the reach. */
  private List<Effect> jittered(Run run, int count) {
    List<Effect> effects = new ArrayList<>();
    Substitution substitution = substitution(run);
    for (double fraction : setup.fractions()) {
      List<int[]> offsets =
          IntStream.range(0, count)
              .mapToObj(text -> offsets(context.random("jitter " + text), fraction))
              .toList();
      List<Sequence> sequences =
          fraction == 0
              ? texts.subList(0, count).stream().map(Perturbations::plain).toList()
              : substitution.sequences(texts.subList(0, count), substitution.jitter(offsets));
      Losses after = losses(run, Kind.JITTER.key(), fraction, sequences);
      effects.add(effect(run, Kind.JITTER.key(), fraction, "", 0, after, (t, i) -> true));
    }
    return effects;
  }

  private int[] offsets(RandomGenerator random, double fraction) {
    int[] offsets = new int[setup.window() * setup.window()];
    for (int cell = 0; cell < offsets.length; cell++) {
      double drawn = random.nextDouble();
      int offset = (1 + random.nextInt(setup.reach())) * (random.nextBoolean() ? 1 : -1);
      offsets[cell] = drawn < fraction ? offset : 0;
    }
    return offsets;
  }

  private Substitution substitution(Run run) {
    LinearAlgebra algebra = context.linearAlgebra();
    return new Substitution(run.model(), algebra, blocks, setup.first(), setup.window());
  }

  /** P3b: the logits themselves, f + g, and f with a shuffled g. */
  private List<Effect> substituted(Run run, int count) {
    Substitution substitution = substitution(run);
    List<int[]> inOrder =
        shuffles.stream().map(order -> IntStream.range(0, order.length).toArray()).toList();
    return List.of(
        substituted(run, count, "exact", substitution, substitution.exact()),
        substituted(run, count, "e3", substitution, substitution.additive(true, inOrder)),
        substituted(run, count, "e4", substitution, substitution.additive(false, inOrder)),
        substituted(run, count, "shuffled", substitution, substitution.additive(true, shuffles)));
  }

  private Effect substituted(
      Run run, int count, String name, Substitution substitution, Substitution.Other other) {
    String perturbation = Kind.SUBSTITUTION.key() + "." + name;
    context.progress("%s, %s".formatted(perturbation, run.name()), 0, 0);
    Losses after =
        losses(run, perturbation, 1, substitution.sequences(texts.subList(0, count), other));
    return effect(run, perturbation, 1, "", 0, after, (t, i) -> true);
  }

  /** P3c: every key seems equally far away. */
  private List<Effect> atOneDistance(Run run, int count) {
    List<Effect> effects = new ArrayList<>();
    for (int distance : DISTANCES) {
      if (distance >= setup.window()) {
        continue;
      }
      Distances all = Distances.constant(distance);
      List<Sequence> sequences =
          texts.subList(0, count).stream()
              .map(text -> Sequence.builder(text).distances(all).scoreFrom(1).build())
              .toList();
      String name = Kind.CONSTANT_DISTANCE.key();
      Losses after = losses(run, name + " of " + distance, 1, sequences);
      effects.add(effect(run, name, 1, "distance", distance, after, (t, i) -> true));
    }
    return effects;
  }
}
