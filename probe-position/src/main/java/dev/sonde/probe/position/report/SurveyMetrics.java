package dev.sonde.probe.position.report;

import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Report;
import dev.sonde.probe.position.estimate.AxisFit;
import dev.sonde.probe.position.estimate.Estimator;
import dev.sonde.probe.position.estimate.HeadFit;
import dev.sonde.probe.position.estimate.HeadMedian;
import dev.sonde.probe.position.estimate.Offsets;
import dev.sonde.probe.position.estimate.Survey;
import dev.sonde.statistics.ClusterBootstrap;
import dev.sonde.statistics.Estimate;
import dev.sonde.statistics.Interval;
import dev.sonde.statistics.Means;
import dev.sonde.statistics.Quantiles;
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** The figures of a survey as metrics: by head, by block, and over all. */
public final class SurveyMetrics {
  /** The ends of what most heads lie between. */
  private static final double LOW = 0.05;

  private static final double HIGH = 0.95;
  private static final String DIVERGENCE = "kl.softmax";
  private static final String SPREAD = "logits.spread";

  private final Survey survey;
  private final ClusterBootstrap bootstrap;
  private final Report report;

  /** The metrics of a survey; the bootstrap draws its texts. */
  public SurveyMetrics(Survey survey, ClusterBootstrap bootstrap, Report report) {
    this.survey = survey;
    this.bootstrap = bootstrap;
    this.report = report;
  }

  /** Writes them all. */
  public void write() {
    for (Estimator estimator : Estimator.values()) {
      write("r." + estimator.key(), "", "", fit -> fit.score(estimator).r());
      pooled(estimator);
      summary("r2." + estimator.key(), "", "", fit -> fit.score(estimator).explained());
      write(DIVERGENCE, "estimator", estimator.key(), fit -> fit.score(estimator).divergence());
    }
    write("gain.key_axis", "", "", HeadFit::gainOfKeys);
    write("gain.content", "", "", HeadFit::gainOfContent);
    write("share.position", "", "", HeadFit::ofPosition);
    write("share.rest", "", "", HeadFit::rest);
    write(SPREAD, "", "", HeadFit::spread);
    write("gain.distance_axis", "", "", HeadFit::gainOfDistance);
    write("bound.tightness", "", "", HeadFit::tightness);
    write("bound.over_deviation", "", "", HeadFit::bound);
    control("mean_removed", HeadFit::withoutMean);
    offsets();
    report.metric(named("null.e1", AxisFit.nullLevel(survey.block(0).pairs())));
  }

  private Metric named(String name, double value) {
    return Metric.of(name, value).where("model", survey.name());
  }

  /** By head, and what all heads amount to. */
  private void write(String name, String key, String value, ToDoubleFunction<HeadFit> figure) {
    summary(name, key, value, figure);
    for (int layer = 0; layer < survey.layers(); layer++) {
      for (int head = 0; head < survey.heads(); head++) {
        double[] perText = survey.ofHead(layer, head, figure);
        Estimate mean = bootstrap.mean(perText);
        Metric metric =
            placed(named(name, mean.value()), layer).where("head", head).n(counted(perText));
        report.metric(with(metric, key, value, mean.interval()));
      }
    }
  }

  /** Median, mean and percentiles over heads and texts, and medians by block. */
  private void summary(String name, String key, String value, ToDoubleFunction<HeadFit> figure) {
    double[][] values = survey.ofLayers(0, survey.layers(), figure);
    over(name + ".median", values, HeadMedian.of(values), key, value);
    double[] numbers = HeadMedian.numbers(values);
    over(name + ".mean", values, alone(Means.of(numbers)), key, value);
    over(name + ".p5", values, alone(Quantiles.of(numbers, LOW)), key, value);
    over(name + ".p95", values, alone(Quantiles.of(numbers, HIGH)), key, value);
    for (int layer = 0; layer < survey.layers(); layer++) {
      double[][] own = survey.ofLayers(layer, layer + 1, figure);
      Estimate median = HeadMedian.of(own);
      Metric metric = placed(named(name + ".layer_median", median.value()), layer);
      report.metric(with(metric.n(counted(own)), key, value, median.interval()));
    }
  }

  private static Estimate alone(double value) {
    return new Estimate(value, Interval.NONE);
  }

  private void over(String name, double[][] values, Estimate figure, String key, String value) {
    Metric metric = named(name, figure.value()).n(counted(values));
    report.metric(with(metric, key, value, figure.interval()));
  }

  private static Metric placed(Metric metric, int layer) {
    return metric.where("layer", layer);
  }

  private static Metric with(Metric metric, String key, String value, Interval interval) {
    boolean nats = metric.name().startsWith(DIVERGENCE) || metric.name().startsWith(SPREAD);
    Metric unit = nats ? metric.unit("nats") : metric;
    Metric whole = key.isEmpty() ? unit : unit.where(key, value);
    return interval.exists() ? whole.interval(interval.low(), interval.high()) : whole;
  }

  private static int counted(double[]... values) {
    return (int)
        Arrays.stream(values).flatMapToDouble(Arrays::stream).filter(Double::isFinite).count();
  }

  /** One r over the cells of all heads, each head's in its own standard deviations. */
  private void pooled(Estimator estimator) {
    double[] sums = new double[4];
    for (int layer = 0; layer < survey.layers(); layer++) {
      for (int head = 0; head < survey.heads(); head++) {
        for (int text = 0; text < survey.texts(); text++) {
          double[] own = survey.fit(layer, head, text).score(estimator).pooling();
          if (Double.isFinite(own[3])) {
            Arrays.setAll(sums, i -> sums[i] + own[i]);
          }
        }
      }
    }
    double spread = sums[2] - sums[1] * sums[1] / sums[0];
    report.metric(
        named("r.%s.pooled".formatted(estimator.key()), sums[3] / Math.sqrt(sums[0] * spread)));
  }

  private void control(String name, Function<HeadFit, HeadFit.Control> of) {
    summary("control.r.e1", "keys", name, fit -> of.apply(fit).e1());
    summary("control.r.e2", "keys", name, fit -> of.apply(fit).e2());
    summary("control.gain.key_axis", "keys", name, fit -> of.apply(fit).gainOfKeys());
  }

  /** Medians of ρ over heads and planes, slow and fast ones apart. */
  private void offsets() {
    for (int layer = 0; layer < survey.layers(); layer++) {
      for (boolean slow : new boolean[] {false, true}) {
        offset(layer, slow, "q", survey.queries(layer));
        offset(layer, slow, "k", survey.keys(layer));
      }
    }
  }

  private void offset(int layer, boolean slow, String side, Offsets offsets) {
    boolean[] isSlow = survey.block(layer).slow();
    double[][] ratios = new double[offsets.heads()][isSlow.length];
    for (int head = 0; head < ratios.length; head++) {
      for (int plane = 0; plane < isSlow.length; plane++) {
        ratios[head][plane] = isSlow[plane] == slow ? offsets.ratio(head, plane) : Double.NaN;
      }
    }
    if (counted(ratios) > 0) {
      report.metric(
          placed(named("offset.ratio.median", Quantiles.median(HeadMedian.numbers(ratios))), layer)
              .where("side", side)
              .where("planes", slow ? "slow" : "fast")
              .n(counted(ratios)));
    }
  }
}
