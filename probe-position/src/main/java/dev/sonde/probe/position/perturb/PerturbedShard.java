package dev.sonde.probe.position.perturb;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.Distances;
import dev.sonde.api.model.Sequence;
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
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Some texts run under every condition of one perturbation: each condition is data on sequences,
 * scored on the same target tokens as the texts as they are.
 */
public final class PerturbedShard {
  /** The version of what shards give. */
  public static final int VERSION = 5;

  private static final String PERTURBATION = "perturbation";
  private static final String LOSSES = "losses";
  private static final String PLAIN = "plain-";
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
    this.before =
        losses(context.result(plain(shard.model()))).of(shard.first(), shard.texts().size());
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

  /** The stage in which a model runs texts as they are. */
  static String plain(String model) {
    return PLAIN + model;
  }

  /** What texts cost a model as they are. */
  static Artifact plain(Model model, List<Text> texts) {
    Losses losses = Losses.of(model, texts.stream().map(Text::sequence).toList());
    return Artifact.empty().with(LOSSES, losses.matrix());
  }

  private static List<Head> heads(Artifact input) {
    return TextShard.arrays(input.integers(HEADS), 2).stream()
        .map(pair -> new Head(pair[0], pair[1]))
        .toList();
  }

  /** Runs a shard: per condition and text the change of losses, and over how many tokens. */
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
      return contexts.run(shard.texts());
    }
    PerturbedShard run = new PerturbedShard(settings, context, blocks, fits, shard);
    List<int[]> shuffles =
        TextShard.arrays(input.integers(SHUFFLES), settings.window() - settings.first());
    List<PerturbationCase> conditions =
        Conditions.of(perturbation, settings, run.model.info(), heads(input));
    switch (perturbation) {
      case ORDER, WORDS, SENTENCES, POSITIONS -> run.rearranged(perturbation, conditions);
      case JITTER -> run.jittered();
      case SUBSTITUTION, SUBSTITUTION_BESIDE -> run.substituted(conditions, shuffles);
      case SUBSTITUTED_BLOCKS, SUBSTITUTED_HEADS -> run.substitutedAlone(conditions, shuffles);
      case CONSTANT_DISTANCE, CLIPPED_DISTANCE -> run.atOtherDistances(perturbation, conditions);
      case SHIFTED_DISTANCE -> run.shifted(conditions);
      case LENGTH, PASSKEY ->
          throw new IllegalStateException(perturbation + " is run on long contexts");
    }
    return artifact(run.changes, run.texts());
  }

  static Artifact artifact(List<Losses.Change[]> changes, int texts) {
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

  /** What texts cost as they are, from what their stage gave. */
  static Losses losses(Artifact plain) {
    return Losses.joined(List.of(plain.tensor(LOSSES)));
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

  private int texts() {
    return shard.texts().size();
  }

  /** Random numbers of a text, the same in whatever shard it is. */
  private RandomGenerator random(String purpose, int text) {
    return context.random(purpose + " " + (shard.first() + text));
  }

  private void run(String what, List<Sequence> sequences) {
    context.progress("%s, %s".formatted(what, shard.name()), 0, 0);
    keep(Losses.of(model, sequences));
  }

  private void keep(Losses after) {
    changes.add(
        IntStream.range(0, texts())
            .mapToObj(text -> after.change(text, before, settings.window(), token -> true))
            .toArray(Losses.Change[]::new));
  }

  /** P1 and P2: the same pairs, of tokens or of positions; scored are tokens that did not move. */
  private void rearranged(Perturbation kind, List<PerturbationCase> conditions) {
    Rearranged rearranged = new Rearranged(shard.texts(), model.tokenizer(), this::random);
    for (PerturbationCase condition : conditions) {
      List<Rearranged.Trial> trials =
          IntStream.range(0, texts()).mapToObj(t -> rearranged.of(kind, condition, t)).toList();
      Losses after = before;
      if (condition.fraction() > 0) {
        String what = condition.perturbation() + " " + condition.fraction();
        context.progress("%s, %s".formatted(what, shard.name()), 0, 0);
        after = Losses.of(model, trials.stream().map(Rearranged.Trial::sequence).toList());
      }
      Losses.Change[] all = new Losses.Change[texts()];
      for (int text = 0; text < all.length; text++) {
        Rearranged.Trial trial = trials.get(text);
        all[text] = after.change(text, before, trial.before(), trial.counted());
      }
      changes.add(all);
    }
  }

  private Substitution substitution() {
    return new Substitution(model, context.linearAlgebra(), blocks, settings.window());
  }

  private void everywhere(String what, OtherLogits other) {
    int layers = model.info().layers();
    String shown = "%s, %s".formatted(what, shard.name());
    keep(
        substitution()
            .everywhere(shard.texts(), other, done -> context.progress(shown, done, layers)));
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
        keep(before);
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
  private void substituted(List<PerturbationCase> conditions, List<int[]> shuffles) {
    for (PerturbationCase each : conditions) {
      everywhere(each.perturbation(), other(Substitute.named(each.variant()), shuffles));
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
        .forEach(this::keep);
  }

  private Substitution.Place place(PerturbationCase condition, List<int[]> shuffles) {
    Integer head = condition.where().get(PerturbationCase.HEAD);
    return new Substitution.Place(
        condition.where().getOrDefault(PerturbationCase.LAYER, 0),
        head == null ? OptionalInt.empty() : OptionalInt.of(head),
        other(Substitute.named(condition.variant()), shuffles));
  }

  /** P3c: every key seems equally far away, or none farther than some tokens. */
  private void atOtherDistances(Perturbation kind, List<PerturbationCase> conditions) {
    for (PerturbationCase condition : conditions) {
      int distance = condition.where().getOrDefault(Conditions.DISTANCE, 0);
      boolean constant = kind == Perturbation.CONSTANT_DISTANCE;
      Distances all = constant ? Distances.constant(distance) : Distances.atMost(distance);
      run(
          condition.perturbation() + " " + distance,
          shard.texts().stream().map(text -> text.sequence().distances(all)).toList());
    }
  }

  /** Every key but a query's own seems farther away. */
  private void shifted(List<PerturbationCase> conditions) {
    for (PerturbationCase condition : conditions) {
      int by = condition.where().getOrDefault(Conditions.DISTANCE, 0);
      everywhere(
          condition.perturbation() + " " + by, OtherLogits.shifted(context.linearAlgebra(), by));
    }
  }
}
