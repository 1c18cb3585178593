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
import dev.sonde.probe.influence.score.Bm25;
import dev.sonde.probe.influence.score.InfluencePlan;
import dev.sonde.probe.influence.score.InfluenceScores;
import dev.sonde.probe.influence.score.Rankings;
import dev.sonde.probe.influence.score.ScoredDocuments;
import dev.sonde.probe.influence.score.Scoring;
import dev.sonde.statistics.Correlation;
import dev.sonde.statistics.Means;
import java.util.Arrays;
import java.util.BitSet;
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
    return new InfluenceNeeds(settings.forecast(inputs), settings).needs();
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
    InfluenceScores scores = scores(context, work, nats);
    ScoredDocuments scored =
        new ScoredDocuments(plan, settings.scores(), scores, words(plan, work.subsets()));
    for (int again = 1; again <= settings.fit().resamples(); again++) {
      context.report().metric(stability(scores, scored(context, work, again, nats), again));
    }
    new InfluenceFindings(context, scored, settings.report()).report();
    retrainings(context, work, scored)
        .ifPresent(
            all ->
                new RetrainingFindings(context, scored, settings.retraining().removals(), all)
                    .report());
    Scoring scoring = work.scoring(context);
    new TopDocuments(context, scored, settings.report())
        .report(documents -> scoring.marks(work.fit(0).task(), documents));
    work.algebra().tell(context::cost);
    latest = Optional.empty();
  }

  private Optional<Rankings> words(InfluencePlan plan, List<BitSet> subsets) {
    return settings.report().bm25()
        ? Optional.of(
            Bm25.rankings(plan.documents(), plan.queries(), settings.scores().compared(), subsets))
        : Optional.empty();
  }

  /** Fits, scores and writes both down. */
  private InfluenceScores scores(ProbeContext context, InfluenceWork work, double[] nats) {
    KronfluenceFiles files = new KronfluenceFiles(context, settings.scores().first().strategy());
    CurvatureFit fit = work.fit(0);
    List<Factors> factors = fit.fit(context, settings.fit());
    if (settings.report().factors()) {
      files.write(factors, fit.tokens(), fit.key(context.model().info()));
    }
    InfluenceScores scores = work.scoring(context).score(fit.task(), nats);
    work.release();
    files.write(scores, work.plan().linears());
    return scores;
  }

  /** Scores on other labels. */
  private InfluenceScores scored(
      ProbeContext context, InfluenceWork work, int number, double[] nats) {
    CurvatureFit fit = work.fit(number);
    fit.fit(context, settings.fit());
    InfluenceScores scores = work.scoring(context).score(fit.task(), nats);
    work.release();
    return scores;
  }

  /** Done now, or read; empty where neither is asked for. */
  private Optional<Retrainings> retrainings(
      ProbeContext context, InfluenceWork work, ScoredDocuments scored) {
    RetrainingSettings how = settings.retraining();
    Optional<Retrainings> before = work.read();
    if (how.read().isPresent() && before.isEmpty()) {
      context
          .report()
          .note(
              "The retrainings of set %s are of other documents or queries, or of another way of"
                      .formatted(how.read().get())
                  + " training: lds and retrain.effect are left out.");
    }
    if (how.from().isEmpty()) {
      return before;
    }
    Rankings words =
        scored
            .words()
            .orElseGet(
                () ->
                    Bm25.rankings(
                        scored.documents(),
                        scored.queries(),
                        settings.scores().compared(),
                        List.of()));
    Retrainings all =
        new Retrainer(how, work.plan())
            .run(context, scored.scores(), words, before.orElse(new Retrainings(List.of())));
    String inputs = Retrainings.inputs(scored.documents(), scored.queries(), how.recipe());
    context.saveText("retraining", "jsonl", all.lines(inputs));
    return Optional.of(all);
  }

  /** How alike the rankings are that differ in nothing but the labels drawn. */
  private static Metric stability(InfluenceScores one, InfluenceScores other, int resample) {
    double[] correlations =
        IntStream.range(0, one.queries())
            .mapToDouble(q -> Correlation.spearman(one.sample().row(q), other.sample().row(q)))
            .toArray();
    return Metric.of("rank.stability", Means.of(correlations))
        .where("resample", resample)
        .n(correlations.length);
  }
}
