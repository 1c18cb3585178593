package dev.sonde.engine.report;

import dev.sonde.api.report.Metric;
import dev.sonde.engine.report.Headline.Line;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What the figures of an evaluation amount to, in words and by fixed rules: claims that hold or do
 * not, each with the numbers it rests on.
 */
public final class Verdict {
  /** Metrics that begin with it are claims of a probe: 1 holds, 0 was not shown. */
  private static final String CLAIM = "verdict.";

  /** The largest p that is taken for more than chance. */
  private static final double SIGNIFICANT = 0.05;

  private final List<Metric> metrics;
  private final String merit;
  private final double chance;

  private Verdict(List<Metric> metrics) {
    this.metrics = metrics;
    this.merit = Headline.merit(metrics);
    this.chance = merit.equals("auroc") ? 0.5 : 0;
  }

  /** The claims: decodable, survives controls, where something was evaluated; then the probe's. */
  public static List<Line> of(List<Metric> metrics) {
    return new Verdict(metrics).lines();
  }

  private List<Line> lines() {
    List<Line> lines = new ArrayList<>();
    Optional<Metric> nested = first(merit + ".nested").filter(m -> m.value().isPresent());
    if (nested.isPresent()) {
      Line decodable = decodable(nested.get());
      lines.add(decodable);
      lines.add(survives(nested.get(), decodable.value().equals("yes")));
    }
    metrics.stream()
        .filter(m -> m.name().startsWith(CLAIM))
        .map(Verdict::claim)
        .forEach(lines::add);
    return lines;
  }

  private static Line claim(Metric metric) {
    return new Line(
        metric.name().substring(CLAIM.length()).replace('_', ' '),
        metric.value().orElse(0) > 0 ? "yes" : "not shown",
        String.valueOf(metric.where().getOrDefault("because", "")));
  }

  private Optional<Metric> first(String name) {
    return metrics.stream().filter(m -> m.name().equals(name)).findFirst();
  }

  private Line decodable(Metric nested) {
    Optional<Metric> p =
        first("p.max_over_all")
            .or(
                () ->
                    metrics.stream()
                        .filter(m -> m.name().equals("p.max_over_layers"))
                        .min(Comparator.comparingDouble(m -> m.value().orElse(1))));
    boolean beatsLabels = p.isEmpty() || p.get().value().orElse(1) <= SIGNIFICANT;
    String because = "nested %s on groups never seen".formatted(Headline.value(nested));
    if (p.isPresent()) {
      because += ", p %s against exchanged labels".formatted(Headline.value(p.get()));
    }
    return new Line(
        "decodable", above(nested, chance) && beatsLabels ? "yes" : "not shown", because);
  }

  private static boolean above(Metric metric, double bound) {
    return metric.low().orElse(metric.value().orElse(bound)) > bound;
  }

  private Line survives(Metric nested, boolean decodable) {
    if (!decodable) {
      return new Line("survives controls", "–", "there is nothing to survive them");
    }
    List<String> held = new ArrayList<>();
    List<String> failed = new ArrayList<>();
    margin().ifPresent(m -> (above(m, 0) ? held : failed).add(margin(m)));
    residualised().ifPresent(m -> (above(m, chance) ? held : failed).add(residualised(m)));
    if (held.isEmpty() && failed.isEmpty()) {
      return new Line("survives controls", "not tested", "no control was computed");
    }
    if (failed.isEmpty()) {
      return new Line("survives controls", "yes", String.join("; ", held));
    }
    Object positive = nested.where().get("positive");
    String so = positive == null ? "" : "; so this is no evidence of '%s'".formatted(positive);
    return new Line("survives controls", "no", String.join("; ", failed) + so);
  }

  private Optional<Metric> margin() {
    return first(merit + ".margin").filter(m -> m.value().isPresent());
  }

  private String margin(Metric margin) {
    String over = String.valueOf(margin.where().get("over"));
    String reached = first("baseline." + over).map(Headline::value).orElse("");
    return "%s alone reaches %s, the nested figure is %s above it"
        .formatted(Headline.words(over), reached, Headline.value(margin));
  }

  /** Of the decoder that does best. */
  private Optional<Metric> residualised() {
    Object method = Headline.best(metrics).map(m -> m.where().get("method")).orElse("");
    return metrics.stream()
        .filter(m -> m.name().equals(merit + ".residualised") && m.value().isPresent())
        .filter(m -> method.equals(m.where().get("method")))
        .findFirst();
  }

  private static String residualised(Metric metric) {
    return "%s is left with %s taken out"
        .formatted(
            Headline.value(metric),
            String.valueOf(metric.where().get("confounds")).replace(",", " and "));
  }
}
