package dev.sonde.probe.stepimportance.search;

import dev.sonde.answers.Answer;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.Model;
import dev.sonde.probe.stepimportance.chain.Mask;
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
final class Resampling {
  /** Added to every count, so that an answer that was never given has no infinite weight. */
  private static final double SMOOTHING = 0.5;

  private final Model model;
  private final TestSettings settings;
  private final Tester tester;
  private final Ledger ledger;

  Resampling(Model model, TestSettings settings, Tester tester, Ledger ledger) {
    this.model = model;
    this.settings = settings;
    this.tester = tester;
    this.ledger = ledger;
  }

  /** The steps of a prefix, the least important first. */
  List<Integer> order(SufficientPrefix prefix) {
    int[] steps = prefix.steps().steps();
    List<Map<Optional<Answer>, Integer>> answers = answers(prefix.subject(), prefix.steps());
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
  private List<Map<Optional<Answer>, Integer>> answers(Subject subject, Mask prefix) {
    int[] steps = prefix.steps();
    List<Sequence> starts = new ArrayList<>();
    int whole = subject.chain().length(prefix);
    for (int kept = 0; kept <= steps.length; kept++) {
      int[] tokens = subject.chain().sequence(Mask.of(Arrays.copyOf(steps, kept)));
      starts.add(
          Sequence.builder(tokens)
              .samples(settings.samples(), subject.seed())
              .maxNewTokens(Math.max(1, whole - tokens.length))
              .build());
    }
    starts.forEach(ledger::ran);
    List<int[]> chains = new ArrayList<>();
    List<Integer> from = new ArrayList<>();
    GenerateRequest request =
        GenerateRequest.sampled(starts, settings.sampling(), model.info().endOfSequence());
    try (GenerationStream stream = model.generate(request)) {
      while (stream.next()) {
        GenerationStream.Generation generation = stream.generation();
        ledger.wrote(generation.tokens().length);
        int[] start = starts.get(generation.sequence()).tokens();
        int[] written = tester.withoutEnd(generation.tokens());
        int[] chain = Arrays.copyOf(start, start.length + written.length);
        System.arraycopy(written, 0, chain, start.length, written.length);
        chains.add(chain);
        from.add(generation.sequence());
      }
    }
    List<Tester.Own> given = tester.ownAnswers(chains, subject.endings().most());
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
