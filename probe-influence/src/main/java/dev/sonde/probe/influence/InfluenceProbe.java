package dev.sonde.probe.influence;

import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.probe.Artifact;
import dev.sonde.api.probe.Inputs;
import dev.sonde.api.probe.Needs;
import dev.sonde.api.probe.Probe;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.probe.ShardContext;
import dev.sonde.api.report.Metric;
import dev.sonde.probe.influence.check.Retrainer;
import dev.sonde.probe.influence.check.RetrainingSettings;
import dev.sonde.probe.influence.check.Retrainings;
import dev.sonde.probe.influence.curvature.CurvatureFit;
import dev.sonde.probe.influence.curvature.Factors;
import dev.sonde.probe.influence.read.LogLikelihood;
import dev.sonde.probe.influence.report.InfluenceFindings;
import dev.sonde.probe.influence.report.KronfluenceFiles;
import dev.sonde.probe.influence.report.RetrainingFindings;
import dev.sonde.probe.influence.report.TopDocuments;
import dev.sonde.probe.influence.score.InfluencePlan;
import dev.sonde.probe.influence.score.InfluenceScores;
import dev.sonde.probe.influence.score.Rankings;
import dev.sonde.probe.influence.score.ScoredDocuments;
import dev.sonde.probe.influence.score.Scoring;
import dev.sonde.statistics.Correlation;
import dev.sonde.statistics.Means;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The influence probe: fits the curvature on documents, scores every document for every query, and
 * says what the scores amount to.
 */
final class InfluenceProbe implements Probe {
  private final InfluenceSettings settings;

  /** What shards have in common in the context of the latest call; made again for another one. */
  private Optional<InfluenceWork> latest = Optional.empty();

  InfluenceProbe(InfluenceSettings settings) {
    this.settings = settings;
  }

  @Override
  public Needs needs(Inputs inputs) {
    return new InfluenceNeeds(settings.plan(inputs), settings).needs();
  }

  private InfluenceWork work(ShardContext context) {
    Optional<InfluenceWork> same = latest.filter(work -> work.isIn(context));
    if (same.isPresent()) {
      return same.get();
    }
    InfluenceWork work = new InfluenceWork(context, settings);
    latest = Optional.of(work);
    return work;
  }

  @Override
  public Artifact shard(String stage, Artifact input, ShardContext context) {
    return work(context).shard(stage, input);
  }

  @Override
  public void run(ProbeContext context) {
    if (!context.model().capabilities().features().contains(Capabilities.GRADIENTS)) {
      throw new UnsupportedCapabilityException(
          "influence needs gradients, which this backend does not take; use --backend pytorch");
    }
    InfluenceWork work = work(context);
    InfluencePlan plan = work.plan();
    plan.remarks().forEach(context.report()::note);
    new InfluenceNeeds(plan, settings)
        .needs()
        .remarks()
        .forEach(remark -> context.report().note("Planned: " + remark + "."));
    double[] nats =
        Arrays.stream(LogLikelihood.of(context.model(), plan.queries()))
            .map(logP -> -logP)
            .toArray();
    context.progress("fitting the curvature", 0, 0);
    List<InfluenceScores> scores = scores(context, work, nats);
    ScoredDocuments scored = new ScoredDocuments(plan, settings.scores(), scores);
    for (int again = 1; again <= settings.fit().resamples(); again++) {
      InfluenceScores other = scored(context, work, again, nats).getFirst();
      context.report().metric(stability(scored.first(), other, again));
    }
    InfluenceFindings findings = new InfluenceFindings(context, scored, settings.report());
    findings.report();
    retrainings(context, scored, findings.rankings())
        .ifPresent(
            all ->
                new RetrainingFindings(
                        context, scored, settings.report(), settings.retraining().removals(), all)
                    .report());
    Scoring scoring = new Scoring(context, plan, settings.scores());
    new TopDocuments(context, scored, settings.report(), findings.rankings())
        .report(documents -> scoring.marks(work.fit(0).task(), documents));
    work.algebra().tell(context::cost);
    latest = Optional.empty();
  }

  /** Fits, scores and writes both down. */
  private List<InfluenceScores> scores(ProbeContext context, InfluenceWork work, double[] nats) {
    KronfluenceFiles files = new KronfluenceFiles(context, settings.scores().first().strategy());
    CurvatureFit fit = work.fit(0);
    List<Factors> factors = fit.fit(context, settings.fit().partitions());
    if (settings.report().factors()) {
      files.write(factors, fit.tokens());
    }
    List<InfluenceScores> scores =
        new Scoring(context, work.plan(), settings.scores()).score(fit.task(), nats);
    work.release();
    files.write(scores.getFirst(), work.plan().linears());
    return scores;
  }

  /** Scores on other labels. */
  private List<InfluenceScores> scored(
      ProbeContext context, InfluenceWork work, int number, double[] nats) {
    CurvatureFit fit = work.fit(number);
    fit.fit(context, settings.fit().partitions());
    List<InfluenceScores> scores =
        new Scoring(context, work.plan(), settings.scores()).score(fit.task(), nats);
    work.release();
    return scores;
  }

  /** Done now, or read; empty where neither is asked for. */
  private Optional<Retrainings> retrainings(
      ProbeContext context, ScoredDocuments scored, Rankings rankings) {
    RetrainingSettings how = settings.retraining();
    String inputs = Retrainings.inputs(scored.documents(), scored.queries(), how.recipe());
    if (how.from().isPresent()) {
      Retrainer retrainer = new Retrainer(how, scored.plan());
      Retrainings all = new Retrainings(retrainer.run(context, rankings, scored.rankingsByWords()));
      context.saveText("retraining", "jsonl", all.lines(inputs));
      return Optional.of(all);
    }
    return how.read().flatMap(set -> Retrainings.read(context, context.study(set), inputs));
  }

  /** How alike the rankings are that differ in nothing but the labels drawn. */
  private static Metric stability(InfluenceScores one, InfluenceScores other, int resample) {
    double[] correlations =
        IntStream.range(0, one.queries())
            .mapToDouble(q -> Correlation.spearman(one.values().row(q), other.values().row(q)))
            .toArray();
    return Metric.of("rank.stability", Means.of(correlations))
        .where("resample", resample)
        .n(correlations.length);
  }
}
