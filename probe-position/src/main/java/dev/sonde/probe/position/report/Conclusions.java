package dev.sonde.probe.position.report;

import dev.sonde.api.report.ClaimEvidence;
import dev.sonde.api.report.Metric;
import dev.sonde.probe.position.atlas.Atlas;
import dev.sonde.probe.position.estimate.AxisFit;
import dev.sonde.probe.position.estimate.Estimator;
import dev.sonde.probe.position.estimate.HeadFit;
import dev.sonde.probe.position.estimate.HeadMedian;
import dev.sonde.probe.position.estimate.Survey;
import dev.sonde.probe.position.perturb.Effect;
import dev.sonde.probe.position.perturb.LongContexts;
import dev.sonde.probe.position.perturb.Perturbation;
import dev.sonde.probe.position.perturb.Perturbations;
import dev.sonde.probe.position.perturb.Substituted;
import dev.sonde.probe.position.read.Planes;
import dev.sonde.statistics.ClusterBootstrap;
import dev.sonde.statistics.Correlation;
import dev.sonde.statistics.Estimate;
import dev.sonde.statistics.Interval;
import dev.sonde.statistics.Means;
import dev.sonde.statistics.Quantiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What the figures amount to, in words and by fixed rules. It leads with what tells a trained model
 * from a fresh one: what the key adds, the early blocks, f + g in the running model.
 */
public final class Conclusions {
  /** The share of swapped tokens that the paper is reported to call minimal. */
  private static final double FEW = 0.05;

  /** Two heads always agree fully, or not at all. */
  private static final int FEWEST_HEADS = 3;

  private final Survey main;
  private final Optional<Survey> fresh;
  private final ClusterBootstrap heads;
  private final List<Effect> effects;
  private final Substituted substituted;
  private final Atlas atlas;

  /**
   * Conclusions.
   *
   * @param surveys the model, and its control where there is one
   * @param heads draws of a model's heads, of all blocks
   * @param outcome of what was done to the running models
   * @param atlas of the model's heads
   */
  public Conclusions(
      List<Survey> surveys, ClusterBootstrap heads, Perturbations.Outcome outcome, Atlas atlas) {
    this.main = surveys.getFirst();
    this.fresh = surveys.size() > 1 ? Optional.of(surveys.getLast()) : Optional.empty();
    this.heads = heads;
    this.effects = List.copyOf(outcome.effects());
    this.substituted = outcome.substituted();
    this.atlas = atlas;
  }

  /** A median with its interval. */
  private record Median(double value, Interval interval) {
    boolean isAbove(Median other) {
      return interval.exists() && other.interval.exists() && interval.low() > other.interval.high();
    }

    @Override
    public String toString() {
      return withInterval(value, interval);
    }
  }

  private static String withInterval(double value, Interval interval) {
    return interval.exists()
        ? "%s [%s, %s]".formatted(number(value), number(interval.low()), number(interval.high()))
        : number(value);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, Math.abs(value) < 100 ? "%.3f" : "%.0f", value);
  }

  private Median median(Survey survey, int from, int to, ToDoubleFunction<HeadFit> figure) {
    double[][] values = survey.ofLayers(from, to, figure);
    Estimate median = HeadMedian.of(values);
    return new Median(median.value(), median.interval());
  }

  private Median median(Survey survey, ToDoubleFunction<HeadFit> figure) {
    return median(survey, 0, survey.layers(), figure);
  }

  /** What is asked of the figures. */
  public List<ClaimEvidence> claims() {
    List<ClaimEvidence> claims = new ArrayList<>();
    substituted.ofFirst().ifPresent(kept -> claims.add(RecoveredLoss.claim(kept)));
    fresh.ifPresent(control -> claims.add(content(control)));
    return claims;
  }

  /** The shares of the loss that substitutions recover. */
  public List<Metric> metrics() {
    return RecoveredLoss.metrics(substituted);
  }

  /** Remarks, what warns of a misreading first. */
  public List<String> sentences() {
    List<String> sentences = new ArrayList<>(new RecoverySentences(main, substituted, atlas).all());
    if (fresh.isEmpty()) {
      sentences.add(
          "The model has fresh weights itself, so there is nothing to hold against it; the key adds %s to the R² of distance alone."
              .formatted(median(main, HeadFit::gainOfKeys)));
    }
    fresh.ifPresent(
        control ->
            sentences.add(
                "Of the row-centred logits g(q, k) explains %s of R² beyond f in the trained model, where they move by %s nats; with fresh weights %s, where they move by %s nats. %s."
                    .formatted(
                        median(main, HeadFit::gainOfContent),
                        median(main, HeadFit::spread),
                        median(control, HeadFit::gainOfContent),
                        median(control, HeadFit::spread),
                        capital(early(control)))));
    sentences.add(correlation());
    swaps().ifPresent(sentences::add);
    new PerturbationSentences(main.name(), effects).all().forEach(sentences::add);
    mechanism().ifPresent(sentences::add);
    lengths().ifPresent(sentences::add);
    return sentences;
  }

  /** Whether content adds to distance, more than in a model that learnt nothing. */
  private ClaimEvidence content(Survey freshModel) {
    return ContentGain.claim(gain(main), gain(freshModel), spread(main), heads);
  }

  private static double[][] gain(Survey survey) {
    return survey.ofLayers(0, survey.layers(), HeadFit::gainOfContent);
  }

  private static double[][] spread(Survey survey) {
    return survey.ofLayers(0, survey.layers(), HeadFit::spread);
  }

  private static String capital(String sentence) {
    return Character.toUpperCase(sentence.charAt(0)) + sentence.substring(1);
  }

  /** In which blocks the trained model's r is above the fresh one's. */
  private String early(Survey freshModel) {
    ToDoubleFunction<HeadFit> r = fit -> fit.score(Estimator.E3).r();
    List<Integer> above =
        IntStream.range(0, main.layers())
            .filter(l -> median(main, l, l + 1, r).isAbove(median(freshModel, l, l + 1, r)))
            .boxed()
            .toList();
    if (above.isEmpty()) {
      return "by r (E3) the trained model is above the fresh one in no block";
    }
    return "by r (E3) the trained model is above the fresh one in %d of %d blocks: %s"
        .formatted(above.size(), main.layers(), runs(above));
  }

  /** {@code 0-2, 5}. */
  private static String runs(List<Integer> blocks) {
    List<String> runs = new ArrayList<>();
    int from = 0;
    for (int i = 1; i <= blocks.size(); i++) {
      if (i == blocks.size() || blocks.get(i) != blocks.get(i - 1) + 1) {
        int first = blocks.get(from);
        int last = blocks.get(i - 1);
        runs.add(first == last ? String.valueOf(first) : first + "-" + last);
        from = i;
      }
    }
    return runs.stream().collect(Collectors.joining(", "));
  }

  private Optional<Effect> effect(String perturbation, double fraction) {
    return effects.stream()
        .filter(e -> e.model().equals(main.name()) && e.perturbation().equals(perturbation))
        .filter(e -> e.condition().fraction() == fraction)
        .findFirst();
  }

  private static String of(Effect effect) {
    return withInterval(effect.ratio(), effect.interval());
  }

  private String correlation() {
    ToDoubleFunction<HeadFit> sum = fit -> fit.score(Estimator.E3).r();
    ToDoubleFunction<HeadFit> axes = fit -> fit.score(Estimator.E1).r();
    String level = number(AxisFit.nullLevel(main.block(0).pairs()));
    String own = "r of f + g (E3) is %s".formatted(median(main, sum));
    return fresh
        .map(
            control ->
                "A high r alone proves nothing: %s in the trained model, %s in one with fresh weights. E1, its cheap relative, which gives each distance, query and key a number of its own, reaches %s and %s (pure noise %s): deep random networks have a large common mean, which adds up by itself."
                    .formatted(
                        own,
                        median(control, sum),
                        median(main, axes),
                        median(control, axes),
                        level))
        .orElse(
            "A high r alone proves nothing: %s; E1, its cheap relative, reaches %s (pure noise %s)."
                .formatted(own, median(main, axes), level));
  }

  private Optional<String> swaps() {
    Optional<Effect> order = effect(Perturbation.ORDER.key(), FEW);
    Optional<Effect> positions = effect(Perturbation.POSITIONS.key(), FEW);
    if (order.isEmpty() || positions.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        "With 5 %% of tokens swapped perplexity of unmoved tokens is multiplied by %s; with the same pairs of position indices swapped by %s."
            .formatted(of(order.get()), of(positions.get())));
  }

  private Optional<String> mechanism() {
    if (!main.block(0).turning()) {
      return Optional.empty();
    }
    Planes planes = main.block(0).planes();
    boolean[] slow = main.block(0).slow();
    double[] fast = new double[planes.count()];
    double[] still = new double[planes.count()];
    double energy = 0;
    int slowPlanes = 0;
    for (int plane = 0; plane < planes.count(); plane++) {
      double ratio = main.offsetRatio(true, plane);
      fast[plane] = slow[plane] ? Double.NaN : ratio;
      still[plane] = slow[plane] ? ratio : Double.NaN;
      energy += slow[plane] ? main.energyShare()[plane] : 0;
      slowPlanes += slow[plane] ? 1 : 0;
    }
    double ofFast = Quantiles.median(fast);
    double ofSlow = Quantiles.median(still);
    if (!Double.isFinite(ofFast) || !Double.isFinite(ofSlow)) {
      return Optional.empty();
    }
    double chance = slowPlanes / (double) planes.count();
    boolean constantPart = ofFast > 1 && ofFast > ofSlow;
    boolean content = energy > chance;
    return Optional.of(
        "Mechanism (a reconstruction, not the paper's statement): it wants a constant part of keys that outweighs what varies in fast planes, and content in slow ones. The first is %s times the second in fast planes and %s in slow ones (medians): %s. Slow planes hold %s of what varies, %s of the planes being slow: %s. %s Over heads 1 − r of E4 goes with the bound over the logits' deviation by a rank correlation of %s."
            .formatted(
                number(ofFast),
                number(ofSlow),
                constantPart ? "so it is" : "so it is not",
                number(energy),
                number(chance),
                content ? "more than by chance" : "no more than by chance",
                constantPart && content
                    ? "As the mechanism wants it, in both halves."
                    : "Not as the mechanism wants it.",
                number(boundAgainstResidual(main))));
  }

  /** Spearman's correlation over heads of {@code 1 − r} of E4 with the bound over the deviation. */
  static double boundAgainstResidual(Survey survey) {
    int heads = survey.layers() * survey.heads();
    double[] missed = new double[heads];
    double[] bound = new double[heads];
    double[] measured = new double[heads];
    for (int head = 0; head < heads; head++) {
      int layer = head / survey.heads();
      int own = head % survey.heads();
      double r = Means.of(survey.ofHead(layer, own, f -> f.score(Estimator.E4).r()));
      double mean = Means.of(survey.ofHead(layer, own, HeadFit::bound));
      if (Double.isFinite(r) && Double.isFinite(mean)) {
        missed[head] = 1 - r;
        bound[head] = mean;
        measured[head] = 1;
      }
    }
    boolean few = Arrays.stream(measured).sum() < FEWEST_HEADS;
    return few ? Double.NaN : Correlation.ofRanks(missed, bound).of(measured);
  }

  private static String way(Effect effect) {
    String way = effect.perturbation();
    return switch (way.substring(way.indexOf('.') + 1)) {
      case "plain" -> "rotation as it is";
      case "window" -> "first tokens and window only";
      case "linear" -> "linear interpolation";
      case "ntk" -> "a larger base (NTK)";
      case "yarn" -> "YaRN";
      default -> way;
    };
  }

  private Optional<String> lengths() {
    List<Effect> all =
        effects.stream()
            .filter(e -> e.perturbation().startsWith(Perturbation.LENGTH.key()))
            .toList();
    if (all.isEmpty()) {
      return Optional.empty();
    }
    int longest = all.stream().mapToInt(e -> e.at(LongContexts.MULTIPLE)).max().orElseThrow();
    return Optional.of(
        "After a context of %d trained windows: %s."
            .formatted(
                longest,
                all.stream()
                    .filter(e -> e.at(LongContexts.MULTIPLE) == longest)
                    .map(e -> "%s multiplies perplexity by %s".formatted(way(e), of(e)))
                    .collect(Collectors.joining(", "))));
  }
}
