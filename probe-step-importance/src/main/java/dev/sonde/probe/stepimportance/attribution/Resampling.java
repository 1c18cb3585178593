package dev.sonde.probe.stepimportance.attribution;

import dev.sonde.api.config.Config;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.Sampling;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.Model;
import dev.sonde.probe.stepimportance.answer.ChainUnderTest;
import dev.sonde.probe.stepimportance.answer.OwnAnswer;
import dev.sonde.probe.stepimportance.answer.OwnAnswers;
import dev.sonde.probe.stepimportance.attribution.RolloutImportance.Outcomes;
import dev.sonde.probe.stepimportance.chain.Mask;
import dev.sonde.probe.stepimportance.chain.TokenCosts;
import dev.sonde.trials.NewTokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Resampling importance, after thought anchors (Bogdan et al. 2025): chains are written anew from
 * before and from behind every step, to their ends, and the model is asked for the answer of each.
 */
public final class Resampling {
  /** What the names of its measures begin with. */
  private static final String NAME = "resampling_";

  /** The measure that orders steps. */
  public static final String IMPORTANCE = NAME + RolloutImportance.DIVERGENCE;

  /** Keeps the draws of different places apart (the increment of SplitMix64). */
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private final Model model;
  private final Rollouts rollouts;
  private final OwnAnswers ownAnswers;
  private final TokenCosts costs;

  /** Resampling by one model. */
  public Resampling(Model model, Rollouts rollouts, OwnAnswers ownAnswers, TokenCosts costs) {
    this.model = model;
    this.rollouts = rollouts;
    this.ownAnswers = ownAnswers;
    this.costs = costs;
  }

  /**
   * How chains are written anew.
   *
   * @param count from each place
   * @param tokens the most new tokens of each
   * @param stops texts that end a chain
   * @param smoothing added to every count of answers
   */
  public record Rollouts(
      int count, int tokens, List<String> stops, Sampling way, double smoothing) {
    /** Copies the list. */
    public Rollouts {
      stops = List.copyOf(stops);
    }

    /** The rollouts of an experiment. */
    public static Rollouts of(Config config) {
      int tokens = config.integer("rollout_tokens");
      return new Rollouts(
          config.integer("rollouts"),
          tokens > 0 ? tokens : config.integer("chain_tokens"),
          config.strings("chain_stops"),
          Sampling.temperature(config.real("temperature")).topP(config.real("top_p")),
          config.real("rollout_smoothing"));
    }
  }

  /** A place that chains are written from: a chain and how many of its steps are kept. */
  private record Place(ChainUnderTest chain, Sequence start) {}

  /**
   * The scores of some chains' steps, all written in one request.
   *
   * @param prefixes per chain the steps that count
   * @return per chain the measures by name, a value per step of the prefix
   */
  public List<StepScores> of(List<ChainUnderTest> chains, List<Mask> prefixes) {
    List<Place> places = new ArrayList<>();
    for (int i = 0; i < chains.size(); i++) {
      places.addAll(places(chains.get(i), prefixes.get(i)));
    }
    List<Outcomes> outcomes = outcomes(places);
    List<StepScores> scores = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < chains.size(); i++) {
      int steps = prefixes.get(i).size();
      List<Outcomes> own = outcomes.subList(from, from + steps + 1);
      SequencedMap<String, double[]> named = new LinkedHashMap<>();
      RolloutImportance.of(
              own.subList(0, steps),
              own.subList(1, steps + 1),
              rollouts.smoothing(),
              chains.get(i).seed())
          .forEach((name, values) -> named.put(NAME + name, values));
      scores.add(new StepScores(named));
      from += steps + 1;
    }
    return scores;
  }

  /** One before each step and one behind the last, each with draws of its own. */
  private List<Place> places(ChainUnderTest chain, Mask prefix) {
    int[] steps = prefix.steps();
    int context = model.capabilities().longestContext() - ownAnswers.longest();
    List<Place> places = new ArrayList<>();
    for (int kept = 0; kept <= steps.length; kept++) {
      int[] tokens = chain.chain().sequence(Mask.of(Arrays.copyOf(steps, kept)));
      int most = Math.max(1, Math.min(rollouts.tokens(), context - tokens.length));
      long seed = chain.seed() + (kept + 1) * GOLDEN;
      places.add(
          new Place(chain, Sequence.of(tokens).samples(rollouts.count(), seed).maxNewTokens(most)));
    }
    return places;
  }

  private List<Outcomes> outcomes(List<Place> places) {
    List<Sequence> starts = places.stream().map(Place::start).toList();
    starts.forEach(costs::ran);
    List<int[]> written = new ArrayList<>();
    List<Integer> from = new ArrayList<>();
    int[] ends = model.info().endOfSequence();
    GenerateRequest request =
        GenerateRequest.sampled(starts, rollouts.way(), ends).stoppingAt(rollouts.stops());
    try (GenerationStream stream = model.generate(request)) {
      while (stream.next()) {
        GenerationStream.Generation generation = stream.generation();
        costs.wrote(generation.tokens().length);
        int[] start = starts.get(generation.sequence()).tokens();
        written.add(NewTokens.joined(start, withoutEnd(ends, generation.tokens())));
        from.add(generation.sequence());
      }
    }
    List<OwnAnswer> given = ownAnswers.behind(written, OwnAnswers.MOST_TOKENS);
    List<Counts> counts = new ArrayList<>();
    places.forEach(place -> counts.add(new Counts()));
    for (int i = 0; i < given.size(); i++) {
      int place = from.get(i);
      counts.get(place).add(given.get(i), places.get(place).chain());
    }
    return counts.stream().map(Counts::outcomes).toList();
  }

  /** Without the token that ends the text, or that completes one of the stops. */
  private int[] withoutEnd(int[] ends, int... tokens) {
    String text = model.tokenizer().decode(tokens);
    boolean stopped =
        !NewTokens.ended(ends, tokens) && rollouts.stops().stream().anyMatch(text::contains);
    return stopped ? Arrays.copyOf(tokens, tokens.length - 1) : NewTokens.withoutEnd(ends, tokens);
  }

  private final class Counts {
    private final Map<String, Integer> answers = new LinkedHashMap<>();
    private int right;
    private int unanswered;

    void add(OwnAnswer given, ChainUnderTest chain) {
      if (given.answer().isEmpty()) {
        unanswered++;
        return;
      }
      answers.merge(given.answer().get().toString(), 1, Integer::sum);
      if (ownAnswers.isEqual(given.answer().get(), chain.accepted())) {
        right++;
      }
    }

    Outcomes outcomes() {
      return new Outcomes(answers, right, unanswered);
    }
  }
}
