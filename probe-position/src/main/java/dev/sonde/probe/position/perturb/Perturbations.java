package dev.sonde.probe.position.perturb;

import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.probe.Artifact;
import dev.sonde.api.probe.Model;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Report;
import dev.sonde.probe.position.read.Text;
import dev.sonde.probe.position.read.TextShard;
import dev.sonde.statistics.ClusterBootstrap;
import dev.sonde.statistics.Groups;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * What perturbations do to running models: which of them are possible and affordable, the shards
 * that run them, and the effects that these amount to. The control, which learnt nothing, is only
 * asked what other logits cost it: nothing that is done to it changes its loss.
 */
public final class Perturbations {
  /** The stage whose shards run perturbed texts. */
  public static final String STAGE = "perturbed-texts";

  /** The stage whose shards run heads alone, which are chosen by what is known to first order. */
  public static final String HEADS = "perturbed-heads";

  private final PerturbationSettings settings;
  private final ProbeContext context;
  private final List<Text> texts;
  private final List<Text> longTexts;
  private final PerturbationCosts costs;
  private final List<int[]> shuffles;
  private final Map<Perturbation, String> leftOut = new EnumMap<>(Perturbation.class);

  /**
   * Perturbations.
   *
   * @param longTexts those that lengths are tried on, the last being the longest multiple
   * @param shuffles per text an order of its keys
   */
  public Perturbations(
      PerturbationSettings settings,
      ProbeContext context,
      List<Text> texts,
      List<Text> longTexts,
      List<int[]> shuffles) {
    this.settings = settings;
    this.context = context;
    this.texts = List.copyOf(texts);
    this.longTexts = List.copyOf(longTexts);
    this.costs =
        new PerturbationCosts(
            settings, texts.size(), longTexts.size(), LongContexts.length(longTexts));
    this.shuffles = List.copyOf(shuffles);
  }

  /** A perturbation of a model, and the shards of it. */
  private record Planned(
      String model,
      Perturbation perturbation,
      List<TextShard> shards,
      List<PerturbationCase> conditions) {
    String name(TextShard shard) {
      String kind = perturbation.name().toLowerCase(Locale.ROOT);
      return "%s-%s-%05d".formatted(model, kind, shard.first());
    }
  }

  /**
   * What all perturbations do.
   *
   * @param effects of each condition
   * @param substituted what other logits recover
   * @param curves losses over where tokens stand in the longest context
   * @param passkeys shares of numbers that were found in long contexts
   */
  public record Outcome(
      List<Effect> effects,
      Substituted substituted,
      List<LossCurve> curves,
      List<Metric> passkeys) {}

  /**
   * Runs them all.
   *
   * @param models by their names in metrics, the one that all is asked of first
   */
  public Outcome of(SequencedMap<String, Model> models) {
    Map.Entry<String, Model> first = models.firstEntry();
    List<Planned> plan = new ArrayList<>();
    models.forEach((name, model) -> plan.addAll(planned(name, model, name.equals(first.getKey()))));
    models.forEach((name, model) -> plain(name, model, name.equals(first.getKey())));
    SequencedMap<String, Artifact> results = run(STAGE, plan, List.of());
    List<Effect> effects = new ArrayList<>();
    SequencedMap<String, Recovery> everywhere = new LinkedHashMap<>();
    List<Recovery> blocks = List.of();
    for (Planned each : plan) {
      effects.addAll(effects(each, results));
      if (each.perturbation() == Perturbation.SUBSTITUTION) {
        everywhere.put(each.model(), recoveries(each, results).values().iterator().next());
      } else if (each.perturbation() == Perturbation.SUBSTITUTION_BESIDE) {
        Recovery beside = recoveries(each, results).values().iterator().next();
        everywhere.computeIfPresent(each.model(), (name, main) -> main.with(beside));
      } else if (each.perturbation() == Perturbation.SUBSTITUTED_BLOCKS) {
        blocks = List.copyOf(recoveries(each, results).values());
      }
    }
    SequencedMap<Head, Recovery> firstOrder = firstOrder(first.getKey(), first.getValue());
    SequencedMap<Head, Recovery> exact = new TreeMap<>();
    if (!firstOrder.isEmpty()) {
      List<Head> heads = largest(firstOrder);
      Perturbation kind = Perturbation.SUBSTITUTED_HEADS;
      Planned alone =
          planned(
              first.getKey(), first.getValue(), kind, texts(kind, first.getValue(), true), heads);
      SequencedMap<String, Artifact> found = run(HEADS, List.of(alone), heads);
      effects.addAll(effects(alone, found));
      recoveries(alone, found).forEach((where, recovery) -> exact.put(head(where), recovery));
    }
    return new Outcome(
        effects,
        new Substituted(everywhere, blocks, firstOrder, exact),
        curves(plan, results),
        passkeys(first.getValue()));
  }

  private List<LossCurve> curves(List<Planned> plan, Map<String, Artifact> results) {
    return plan.stream()
        .filter(each -> each.perturbation() == Perturbation.LENGTH)
        .findFirst()
        .map(
            each ->
                LossCurve.of(
                    shards(each, results),
                    new LongContexts(context.model(), trained(context.model())).partTokens()))
        .orElse(List.of());
  }

  private List<Metric> passkeys(Model model) {
    if (!settings.asks(Perturbation.PASSKEY)) {
      return List.of();
    }
    int count = texts(Perturbation.PASSKEY, model, true);
    if (count == 0) {
      return List.of();
    }
    LongContexts contexts = new LongContexts(model, trained(model));
    Artifact found =
        context.stage(
            Perturbation.PASSKEY.key(),
            Passkeys.VERSION,
            () ->
                new Passkeys(contexts, model)
                    .found(longTexts.subList(0, count), context.random("pass keys")));
    return Passkeys.metrics(
        found, Passkeys.conditions(model, contexts.trained(), LongContexts.length(longTexts)));
  }

  private static Head head(Map<String, Integer> where) {
    return new Head(
        where.getOrDefault(PerturbationCase.LAYER, 0),
        where.getOrDefault(PerturbationCase.HEAD, 0));
  }

  private SequencedMap<String, Artifact> run(String stage, List<Planned> plan, List<Head> heads) {
    SequencedMap<String, Artifact> inputs = new LinkedHashMap<>();
    for (Planned each : plan) {
      for (TextShard shard : each.shards()) {
        inputs.put(
            each.name(shard), PerturbedShard.input(shard, each.perturbation(), shuffles, heads));
      }
    }
    return context.shards(stage, PerturbedShard.VERSION, inputs);
  }

  private List<Effect> effects(Planned planned, Map<String, Artifact> results) {
    List<Artifact> shards = shards(planned, results);
    List<Effect> effects = new ArrayList<>();
    for (int i = 0; i < planned.conditions().size(); i++) {
      List<Losses.Change> changes = PerturbedShard.changes(i, shards);
      effects.add(
          Effect.of(
              planned.model(), planned.conditions().get(i), changes, bootstrap(changes.size())));
    }
    return effects;
  }

  /** Per place what substitutes recover there. */
  private SequencedMap<Map<String, Integer>, Recovery> recoveries(
      Planned planned, Map<String, Artifact> results) {
    List<Artifact> shards = shards(planned, results);
    SequencedMap<Map<String, Integer>, Map<String, List<Losses.Change>>> byPlace =
        new LinkedHashMap<>();
    for (int i = 0; i < planned.conditions().size(); i++) {
      PerturbationCase condition = planned.conditions().get(i);
      byPlace
          .computeIfAbsent(condition.where(), where -> new LinkedHashMap<>())
          .put(condition.variant(), PerturbedShard.changes(i, shards));
    }
    SequencedMap<Map<String, Integer>, Recovery> recoveries = new LinkedHashMap<>();
    byPlace.forEach(
        (where, changes) -> recoveries.put(where, new Recovery(changes, this::bootstrap)));
    return recoveries;
  }

  private static List<Artifact> shards(Planned planned, Map<String, Artifact> results) {
    return planned.shards().stream()
        .map(planned::name)
        .map(name -> Objects.requireNonNull(results.get(name), name))
        .toList();
  }

  /** What other logits in each head of a model cost to first order; nothing if not asked for. */
  private SequencedMap<Head, Recovery> firstOrder(String name, Model model) {
    SequencedMap<Head, Recovery> heads = new TreeMap<>();
    Perturbation kind = Perturbation.SUBSTITUTED_HEADS;
    if (!settings.asks(kind) || texts(kind, model, true) == 0) {
      return heads;
    }
    List<Text> some = texts.subList(0, costs.differentiated());
    SequencedMap<String, Artifact> inputs = new LinkedHashMap<>();
    TextShard.cut(name, some).forEach(shard -> inputs.put(shard.name(), shard.input()));
    SequencedMap<String, Artifact> results =
        context.shards(FirstOrder.STAGE, FirstOrder.VERSION, inputs);
    ModelInfo info = model.info();
    for (int layer = 0; layer < info.layers(); layer++) {
      for (int own = 0; own < info.heads(); own++) {
        Head head = new Head(layer, own);
        Map<String, List<Losses.Change>> changes =
            Conditions.ALONE.stream()
                .collect(
                    Collectors.toMap(
                        Substitute::key,
                        each ->
                            FirstOrder.changes(info, each, head, List.copyOf(results.values()))));
        heads.put(head, new Recovery(changes, this::bootstrap));
      }
    }
    return heads;
  }

  /** The heads in which each substitute costs most, to first order. */
  private List<Head> largest(Map<Head, Recovery> firstOrder) {
    TreeSet<Head> heads = new TreeSet<>();
    for (Substitute each : Conditions.ALONE) {
      firstOrder.entrySet().stream()
          .sorted(
              Comparator.comparingDouble(entry -> -Math.abs(entry.getValue().total(each.key()))))
          .limit(settings.exactHeads())
          .forEach(entry -> heads.add(entry.getKey()));
    }
    return List.copyOf(heads);
  }

  /** What the texts cost a model as they are; as many texts as any perturbation takes. */
  private void plain(String name, Model model, boolean main) {
    int count = costs.plainTexts(model, main);
    if (count == 0) {
      return;
    }
    List<Text> some = texts.subList(0, count);
    Artifact plain =
        context.stage(
            PerturbedShard.plain(name),
            PerturbedShard.VERSION,
            () -> PerturbedShard.plain(model, some));
    Losses losses = PerturbedShard.losses(plain);
    context
        .report()
        .metric(
            Metric.of("perplexity", losses.perplexity()).where("model", name).n(losses.count()));
  }

  /** All that a model is put to before heads are chosen; the control, what tells of it. */
  private List<Planned> planned(String name, Model model, boolean main) {
    List<Planned> planned = new ArrayList<>();
    for (Perturbation perturbation : settings.all()) {
      boolean later =
          perturbation == Perturbation.SUBSTITUTED_HEADS || perturbation == Perturbation.PASSKEY;
      if (!later && (main || perturbation.ofControl())) {
        int count = texts(perturbation, model, main);
        if (count > 0) {
          planned.add(planned(name, model, perturbation, count, List.of()));
        }
      }
    }
    return planned;
  }

  private Planned planned(
      String name, Model model, Perturbation perturbation, int count, List<Head> heads) {
    boolean length = perturbation == Perturbation.LENGTH;
    List<Text> some = (length ? longTexts : texts).subList(0, count);
    List<PerturbationCase> conditions =
        length
            ? LongContexts.conditions(model, trained(model), LongContexts.length(longTexts))
            : Conditions.of(perturbation, settings, model.info(), heads);
    return new Planned(name, perturbation, TextShard.cut(name, some), conditions);
  }

  private int trained(Model model) {
    return settings.trained(model.capabilities().longestContext());
  }

  /** Notes of what was left out, and why. */
  public void remark(Report report) {
    leftOut.forEach(
        (perturbation, why) ->
            report.note("Perturbation %s is left out: %s.".formatted(perturbation.key(), why)));
  }

  /** On how many texts a perturbation can be run; 0 with the reason where it cannot. */
  private int texts(Perturbation perturbation, Model model, boolean main) {
    costs.obstacle(perturbation, model).ifPresent(why -> leftOut.put(perturbation, why));
    return costs.texts(perturbation, model, main);
  }

  private ClusterBootstrap bootstrap(int count) {
    RandomGenerator random = context.random("bootstrap of " + count + " perturbed texts");
    return new ClusterBootstrap(Groups.ofSingleRows(count), context.bootstrapDraws(), random);
  }
}
