package dev.sonde.probe.stepimportance.attribution;

import dev.sonde.answers.Answer;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.Model;
import dev.sonde.probe.stepimportance.answer.AnswerSampling;
import dev.sonde.probe.stepimportance.answer.ChainUnderTest;
import dev.sonde.probe.stepimportance.answer.OwnAnswer;
import dev.sonde.probe.stepimportance.answer.OwnAnswers;
import dev.sonde.probe.stepimportance.chain.Continuation;
import dev.sonde.probe.stepimportance.chain.Mask;
import dev.sonde.probe.stepimportance.chain.TokenCosts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Resampling importance, after thought anchors (Bogdan et al. 2025): chains are written anew from
 * before and from behind a step, and the step counts for as much as the answers' distribution
 * differs (Kullback-Leibler divergence in nats).
 */
public final class Resampling {
  /** Added to every count, so that an answer that was never given has no infinite weight. */
  private static final double SMOOTHING = 0.5;

  private final Model model;
  private final AnswerSampling sampling;
  private final OwnAnswers ownAnswers;
  private final TokenCosts costs;

  /** Resampling by one model. */
  public Resampling(Model model, AnswerSampling sampling, OwnAnswers ownAnswers, TokenCosts costs) {
    this.model = model;
    this.sampling = sampling;
    this.ownAnswers = ownAnswers;
    this.costs = costs;
  }

  /** The steps of a prefix, the least important first. */
  public List<Integer> order(ChainUnderTest chain, Mask prefix) {
    int[] steps = prefix.steps();
    List<Map<Optional<Answer>, Integer>> answers = answers(chain, prefix);
    double[] importance = new double[steps.length];
    for (int i = 0; i < steps.length; i++) {
      importance[i] = divergence(answers.get(i + 1), answers.get(i));
    }
    List<Integer> order = new ArrayList<>();
    for (int step : steps) {
      order.add(step);
    }
    order.sort(
        (a, b) ->
            Double.compare(
                importance[Arrays.binarySearch(steps, a)],
                importance[Arrays.binarySearch(steps, b)]));
    return order;
  }

  /** Per number of steps kept, how often which answer was given. */
  private List<Map<Optional<Answer>, Integer>> answers(ChainUnderTest chain, Mask prefix) {
    int[] steps = prefix.steps();
    List<Sequence> starts = new ArrayList<>();
    int whole = chain.chain().length(prefix);
    for (int kept = 0; kept <= steps.length; kept++) {
      int[] tokens = chain.chain().sequence(Mask.of(Arrays.copyOf(steps, kept)));
      starts.add(sampling.sequence(tokens, chain.seed(), Math.max(1, whole - tokens.length)));
    }
    starts.forEach(costs::ran);
    List<int[]> chains = new ArrayList<>();
    List<Integer> from = new ArrayList<>();
    int[] ends = model.info().endOfSequence();
    try (GenerationStream stream =
        model.generate(GenerateRequest.sampled(starts, sampling.way(), ends))) {
      while (stream.next()) {
        GenerationStream.Generation generation = stream.generation();
        costs.wrote(generation.tokens().length);
        int[] written = Continuation.withoutEnd(ends, generation.tokens());
        chains.add(Continuation.joined(starts.get(generation.sequence()).tokens(), written));
        from.add(generation.sequence());
      }
    }
    List<OwnAnswer> given = ownAnswers.behind(chains, chain.endings().most());
    List<Map<Optional<Answer>, Integer>> counts = new ArrayList<>();
    starts.forEach(start -> counts.add(new LinkedHashMap<>()));
    for (int i = 0; i < given.size(); i++) {
      counts.get(from.get(i)).merge(given.get(i).answer(), 1, Integer::sum);
    }
    return counts;
  }

  /** The divergence of two distributions given as counts. */
  static <T> double divergence(Map<T, Integer> p, Map<T, Integer> q) {
    Set<T> all = new HashSet<>(p.keySet());
    all.addAll(q.keySet());
    double totalOfP = p.values().stream().mapToInt(n -> n).sum() + SMOOTHING * all.size();
    double totalOfQ = q.values().stream().mapToInt(n -> n).sum() + SMOOTHING * all.size();
    return all.stream()
        .mapToDouble(
            each -> {
              double pOfEach = (p.getOrDefault(each, 0) + SMOOTHING) / totalOfP;
              double qOfEach = (q.getOrDefault(each, 0) + SMOOTHING) / totalOfQ;
              return pOfEach * Math.log(pOfEach / qOfEach);
            })
        .sorted()
        .sum();
  }
}
