package dev.sonde.probe.position.perturb;

import dev.sonde.api.probe.Artifact;
import dev.sonde.api.probe.Model;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Report;
import dev.sonde.probe.position.read.TextShard;
import dev.sonde.statistics.ClusterBootstrap;
import dev.sonde.statistics.Groups;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.random.RandomGenerator;

/**
 * What perturbations do to running models: which of them are possible and affordable, the shards
 * that run them, and the effects that these amount to.
 */
public final class Perturbations {
  /** The stage whose shards run perturbed texts. */
  public static final String STAGE = "perturbed-texts";

  private final PerturbationSettings settings;
  private final ProbeContext context;
  private final List<int[]> texts;
  private final List<int[]> longTexts;
  private final PerturbationCosts costs;
  private final List<int[]> shuffles;
  private final Map<Perturbation, String> leftOut = new EnumMap<>(Perturbation.class);
  private Optional<Recovery> recovery = Optional.empty();

  /**
   * Perturbations.
   *
   * @param longTexts those that lengths are tried on, the last being the longest multiple
   * @param shuffles per text an order of its keys
   */
  public Perturbations(
      PerturbationSettings settings,
      ProbeContext context,
      List<int[]> texts,
      List<int[]> longTexts,
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
  private record Planned(String model, Perturbation perturbation, List<TextShard> shards) {
    String name(TextShard shard) {
      return "%s-%s-%05d".formatted(model, perturbation.key(), shard.first());
    }

    int texts() {
      return shards.stream().mapToInt(shard -> shard.texts().size()).sum();
    }
  }

  /**
   * All effects. Longer contexts are tried on the first model, which was trained: a fresh one has
   * no trained window.
   *
   * @param models by their names in metrics
   */
  public List<Effect> of(SequencedMap<String, Model> models) {
    List<Planned> plan = new ArrayList<>();
    models.forEach((name, model) -> plan.addAll(planned(name, model)));
    Map.Entry<String, Model> first = models.firstEntry();
    int contexts =
        settings.asks(Perturbation.LENGTH) ? texts(Perturbation.LENGTH, first.getValue()) : 0;
    if (contexts > 0) {
      List<TextShard> shards = TextShard.cut(first.getKey(), longTexts.subList(0, contexts));
      plan.add(new Planned(first.getKey(), Perturbation.LENGTH, shards));
    }
    SequencedMap<String, Artifact> inputs = new LinkedHashMap<>();
    for (Planned each : plan) {
      each.shards().forEach(shard -> inputs.put(each.name(shard), input(shard, each)));
    }
    SequencedMap<String, Artifact> results = context.shards(STAGE, PerturbedShard.VERSION, inputs);
    models.keySet().forEach(name -> perplexity(name, plan, results));
    List<Effect> effects = new ArrayList<>();
    for (Planned each : plan) {
      List<Artifact> shards = shards(each, results);
      List<PerturbationCase> conditions = conditions(each, first.getValue());
      Map<String, List<Losses.Change>> bySubstitution = new LinkedHashMap<>();
      for (int i = 0; i < conditions.size(); i++) {
        List<Losses.Change> changes = PerturbedShard.changes(i, shards);
        effects.add(effect(each.model(), conditions.get(i), changes));
        String name = conditions.get(i).perturbation();
        bySubstitution.put(name.substring(name.indexOf('.') + 1), changes);
      }
      if (each.perturbation() == Perturbation.SUBSTITUTION && each.model().equals(first.getKey())) {
        recovery = Optional.of(new Recovery(bySubstitution, bootstrap(each.texts())));
      }
    }
    return effects;
  }

  private Artifact input(TextShard shard, Planned planned) {
    return planned.perturbation() == Perturbation.LENGTH
        ? PerturbedShard.input(shard)
        : PerturbedShard.input(shard, planned.perturbation(), shuffles);
  }

  private static List<Artifact> shards(Planned planned, Map<String, Artifact> results) {
    return planned.shards().stream()
        .map(planned::name)
        .map(name -> Objects.requireNonNull(results.get(name), name))
        .toList();
  }

  /** What the texts cost a model as they are; as many texts as any perturbation takes. */
  private void perplexity(String model, List<Planned> plan, Map<String, Artifact> results) {
    plan.stream()
        .filter(each -> each.model().equals(model))
        .filter(each -> each.perturbation() != Perturbation.LENGTH)
        .reduce((a, b) -> b.texts() > a.texts() ? b : a)
        .ifPresent(
            most ->
                context
                    .report()
                    .metric(
                        Metric.of(
                                "perplexity",
                                PerturbedShard.losses(shards(most, results)).perplexity())
                            .where("model", model)
                            .n(most.texts() * (settings.window() - 1))));
  }

  private List<Planned> planned(String name, Model model) {
    List<Planned> planned = new ArrayList<>();
    for (Perturbation perturbation : Perturbation.values()) {
      if (perturbation != Perturbation.LENGTH && settings.asks(perturbation)) {
        int count = texts(perturbation, model);
        if (count > 0) {
          List<TextShard> shards = TextShard.cut(name, texts.subList(0, count));
          planned.add(new Planned(name, perturbation, shards));
        }
      }
    }
    return planned;
  }

  private List<PerturbationCase> conditions(Planned planned, Model main) {
    return planned.perturbation() == Perturbation.LENGTH
        ? LongContexts.conditions(trained(main), longTexts.getFirst().length)
        : PerturbedShard.conditions(planned.perturbation(), settings);
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
  private int texts(Perturbation perturbation, Model model) {
    costs.obstacle(perturbation, model).ifPresent(why -> leftOut.put(perturbation, why));
    return costs.texts(perturbation, model);
  }

  /** What other logits keep of the first model's attention, once {@link #of} has run it. */
  public Optional<Recovery> recovery() {
    return recovery;
  }

  private Effect effect(String model, PerturbationCase condition, List<Losses.Change> changes) {
    return Effect.of(model, condition, changes, bootstrap(changes.size()));
  }

  private ClusterBootstrap bootstrap(int texts) {
    RandomGenerator random = context.random("bootstrap of " + texts + " perturbed texts");
    return new ClusterBootstrap(Groups.ofSingleRows(texts), context.bootstrapDraws(), random);
  }
}
