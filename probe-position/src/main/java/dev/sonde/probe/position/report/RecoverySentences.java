package dev.sonde.probe.position.report;

import dev.sonde.probe.position.atlas.Atlas;
import dev.sonde.probe.position.atlas.Makeup;
import dev.sonde.probe.position.atlas.Pattern;
import dev.sonde.probe.position.estimate.HeadFit;
import dev.sonde.probe.position.estimate.Survey;
import dev.sonde.probe.position.perturb.Head;
import dev.sonde.probe.position.perturb.Recovery;
import dev.sonde.probe.position.perturb.Substituted;
import dev.sonde.statistics.Correlation;
import dev.sonde.statistics.Estimate;
import dev.sonde.statistics.Means;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What other logits keep, in words: everywhere, by block, by head; and what heads there are. */
final class RecoverySentences {
  private static final String SUM = "e3";
  private static final String UNIFORM = "uniform";

  /** A head that costs less is not called one that is no sum, nats a token. */
  private static final double NOTHING = 1e-3;

  /** Heads named of a kind. */
  private static final int NAMED = 5;

  private final Survey survey;
  private final Substituted substituted;
  private final Atlas atlas;

  RecoverySentences(Survey survey, Substituted substituted, Atlas atlas) {
    this.survey = survey;
    this.substituted = substituted;
    this.atlas = atlas;
  }

  List<String> all() {
    List<String> sentences = new ArrayList<>();
    substituted.ofFirst().ifPresent(recovery -> sentences.addAll(everywhere(recovery)));
    blocks().ifPresent(sentences::add);
    heads().ifPresent(sentences::add);
    kinds().ifPresent(sentences::add);
    made().ifPresent(sentences::add);
    return sentences;
  }

  /** How many heads are made of what; those named whose logits are no sum. */
  private Optional<String> made() {
    Map<Makeup, List<Head>> made = new EnumMap<>(Makeup.class);
    for (Head head : atlas.shares().keySet()) {
      Makeup.of(survey, head)
          .ifPresent(makeup -> made.computeIfAbsent(makeup, m -> new ArrayList<>()).add(head));
    }
    if (made.isEmpty()) {
      return Optional.empty();
    }
    String counts =
        made.entrySet().stream()
            .map(entry -> "%s %d".formatted(entry.getKey().words(), entry.getValue().size()))
            .collect(Collectors.joining(", "));
    List<Head> bound =
        made.getOrDefault(Makeup.BOUND, List.of()).stream()
            .sorted(
                Comparator.comparingDouble(
                    h -> -Means.of(survey.ofHead(h.layer(), h.head(), HeadFit::rest))))
            .toList();
    String named = bound.isEmpty() ? "" : "; bound are " + named(bound);
    return Optional.of(
        "Heads by what their logits are made of (%.0f %% of the variance within rows, else bound): %s%s."
            .formatted(100 * Makeup.ENOUGH, counts, named));
  }

  private static String named(List<Head> heads) {
    String first =
        heads.stream().limit(NAMED).map(Head::toString).collect(Collectors.joining(", "));
    return heads.size() > NAMED ? "%s and %d more".formatted(first, heads.size() - NAMED) : first;
  }

  private static String percent(Estimate share) {
    String value = String.format(Locale.ROOT, "%.0f %%", 100 * share.value());
    return share.interval().exists()
        ? value + String.format(Locale.ROOT, " [%.0f, %.0f]", 100 * share.low(), 100 * share.high())
        : value;
  }

  private static String times(Recovery recovery, String name) {
    return RecoveryFigures.times(Math.exp(recovery.nats(name)));
  }

  private static List<String> everywhere(Recovery recovery) {
    List<String> sentences = new ArrayList<>();
    sentences.add(
        "f + g (E3) in place of the logits of all blocks and heads multiplies perplexity by %s and recovers %s of the loss between uniform attention (× %s) and the model's own."
            .formatted(
                times(recovery, SUM), percent(recovery.share(SUM)), times(recovery, UNIFORM)));
    String others =
        recovery.changes().keySet().stream()
            .filter(name -> !List.of(SUM, UNIFORM, "exact").contains(name))
            .map(
                name ->
                    "%s × %s, %s"
                        .formatted(
                            RecoveryFigures.WORDS.getOrDefault(name, name),
                            times(recovery, name),
                            percent(recovery.share(name))))
            .collect(Collectors.joining("; "));
    sentences.add("The same with other logits: %s.".formatted(others));
    return sentences;
  }

  private Optional<String> blocks() {
    List<Recovery> blocks = substituted.blocks();
    if (blocks.isEmpty()) {
      return Optional.empty();
    }
    int dearest =
        IntStream.range(0, blocks.size())
            .boxed()
            .max(Comparator.comparingDouble(layer -> blocks.get(layer).nats(SUM)))
            .orElseThrow();
    double sum = blocks.stream().mapToDouble(block -> block.nats(SUM)).sum();
    double uniform = blocks.stream().mapToDouble(block -> block.nats(UNIFORM)).sum();
    return Optional.of(
        String.format(
            Locale.ROOT,
            "In one block alone f + g costs %.3f nats a token on average, uniform attention %.3f; f + g costs most in block %d, %.3f.",
            sum / blocks.size(),
            uniform / blocks.size(),
            dearest,
            blocks.get(dearest).nats(SUM)));
  }

  private Optional<String> heads() {
    if (substituted.exact().isEmpty()) {
      return Optional.empty();
    }
    List<Map.Entry<Head, Recovery>> dearest =
        substituted.exact().entrySet().stream()
            .filter(entry -> entry.getValue().nats(SUM) > NOTHING)
            .sorted(Comparator.comparingDouble(entry -> -entry.getValue().nats(SUM)))
            .limit(NAMED)
            .toList();
    String named =
        dearest.stream()
            .map(
                entry ->
                    String.format(
                        Locale.ROOT, "%s (%.4f)", entry.getKey(), entry.getValue().nats(SUM)))
            .collect(Collectors.joining(", "));
    return Optional.of(
        String.format(
            Locale.ROOT,
            "Heads that are least a sum, by what f + g in them alone costs, nats a token: %s. Over the %d heads that were run alone, costs to first order (gradients) go with those of runs by a rank correlation of %.2f.",
            named.isEmpty() ? "none of those that were run" : named,
            substituted.exact().size(),
            agreement()));
  }

  /** Spearman's correlation of costs to first order with those that were run, over both kinds. */
  private double agreement() {
    List<Head> heads = List.copyOf(substituted.exact().keySet());
    double[] guessed = new double[2 * heads.size()];
    double[] run = new double[guessed.length];
    double[] once = new double[guessed.length];
    Arrays.fill(once, 1);
    for (int i = 0; i < heads.size(); i++) {
      Recovery first = substituted.firstOrder().get(heads.get(i));
      Recovery exact = substituted.exact().get(heads.get(i));
      if (first == null || exact == null) {
        return Double.NaN;
      }
      guessed[2 * i] = first.nats(SUM);
      guessed[2 * i + 1] = first.nats(UNIFORM);
      run[2 * i] = exact.nats(SUM);
      run[2 * i + 1] = exact.nats(UNIFORM);
    }
    return Correlation.ofRanks(guessed, run).of(once);
  }

  private Optional<String> kinds() {
    String kinds =
        AtlasFigures.byKind(atlas).entrySet().stream()
            .filter(entry -> !entry.getValue().isEmpty())
            .map(entry -> kind(entry.getKey(), entry.getValue()))
            .collect(Collectors.joining("; "));
    return kinds.isEmpty()
        ? Optional.empty()
        : Optional.of("Heads by what they look at (block.head): %s.".formatted(kinds));
  }

  private static String kind(Pattern pattern, List<Head> heads) {
    return pattern.key() + " " + named(heads);
  }
}
