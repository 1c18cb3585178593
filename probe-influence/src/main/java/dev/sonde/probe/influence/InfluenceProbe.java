package dev.sonde.probe.influence;

import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.probe.Inputs;
import dev.sonde.api.probe.Needs;
import dev.sonde.api.probe.Probe;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.report.Metric;
import dev.sonde.statistics.Correlation;
import dev.sonde.statistics.Means;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/**
 * The influence probe: fits the curvature on documents, scores every document for every query, and
 * says what the scores amount to.
 */
final class InfluenceProbe implements Probe {
  private final InfluenceSettings settings;

  InfluenceProbe(InfluenceSettings settings) {
    this.settings = settings;
  }

  @Override
  public Needs needs(Inputs inputs) {
    return Work.of(inputs, settings).needs(settings);
  }

  @Override
  public void run(ProbeContext context) {
    if (!context.model().capabilities().features().contains(Capabilities.GRADIENTS)) {
      throw new UnsupportedCapabilityException(
          "influence needs gradients, which this backend does not take; use --backend pytorch");
    }
    Work work = Work.of(context, settings);
    List<Item> queries = work.queries();
    List<Item> documents = work.documents();
    List<Linear> linears = work.linears();
    work.remarks().forEach(context.report()::note);
    work.needs(settings).remarks().forEach(plan -> context.report().note("Planned: " + plan + "."));
    Gradients gradients = new Gradients(context.model(), linears, work.demand().tokensAtOnce());
    MeteredAlgebra algebra = new MeteredAlgebra(context.linearAlgebra());
    Stages stages = new Stages(context::stage, context::cost);
    double[] nats =
        Arrays.stream(LogLikelihood.of(context.model(), queries)).map(logP -> -logP).toArray();
    context.progress("fitting the curvature", 0, 0);
    List<List<Item>> partitions = work.partitions(settings.partitions());
    BiFunction<String, Labels, Fitting> fits =
        (name, labels) ->
            new Fitting(name, gradients, linears, algebra, stages, partitions, labels);
    Labels labels = labels(context, "");
    gradients.keep(work.fitted(), work.kept(labels));
    Fitting fitting = fits.apply("", labels);
    List<Factors> factors = fitting.fit(settings.strategies());
    Done done = new Done(context, documents.size());
    Scoring scoring =
        new Scoring(gradients, linears, algebra, stages, settings, work.demand(), done::more);
    List<ScoreTable> tables =
        scoring.score("scores", settings.variants(), factors, queries, documents, nats);
    gradients.release();
    new KronfluenceFiles(context, settings).write(factors, fitting.tokens(), tables.getFirst());
    for (int again = 1; again <= settings.resamples(); again++) {
      String name = "resample-" + again + "-";
      List<Variant> first = settings.variants().subList(0, 1);
      List<Factors> other =
          fits.apply(name, labels(context, name)).fit(List.of(first.getFirst().strategy()));
      ScoreTable table =
          scoring.score(name + "scores", first, other, queries, documents, nats).getFirst();
      context.report().metric(stability(tables.getFirst(), table, again));
    }
    Findings findings = new Findings(context, settings, queries, documents, linears, tables);
    findings.report();
    retrainings(context, queries, documents, findings)
        .ifPresent(all -> new Checks(context, settings, queries, all, tables, findings).report());
    new TopDocuments(context, settings, queries, documents, findings.rankings())
        .report(
            (query, some) ->
                scoring.perToken(settings.variants().getFirst(), factors, query, some));
    algebra.tell(context::cost);
  }

  /** Done now, or read; empty where neither is asked for. */
  private Optional<Retrainings> retrainings(
      ProbeContext context, List<Item> queries, List<Item> documents, Findings findings) {
    RetrainingSettings how = settings.retraining();
    String inputs = Retrainings.inputs(documents, queries, how.recipe());
    if (how.from().isPresent()) {
      Retrainer retrainer = new Retrainer(context, how, documents, queries);
      Retrainings all =
          new Retrainings(retrainer.run(findings.rankings(), findings.rankingsByWords()));
      context.saveText("retraining", "jsonl", all.lines(inputs));
      return Optional.of(all);
    }
    return how.read().flatMap(set -> Retrainings.read(context, context.study(set), inputs));
  }

  /** How alike the rankings are that differ in nothing but the labels drawn. */
  private static Metric stability(ScoreTable one, ScoreTable other, int resample) {
    double[] correlations =
        IntStream.range(0, one.queries())
            .mapToDouble(q -> Correlation.spearman(one.values().row(q), other.values().row(q)))
            .toArray();
    return Metric.of("rank.stability", Means.of(correlations))
        .where("resample", resample)
        .n(correlations.length);
  }

  /** Tells how many documents are scored. */
  private static final class Done {
    private final ProbeContext context;
    private final long total;
    private long count;

    Done(ProbeContext context, long total) {
      this.context = context;
      this.total = total;
    }

    void more(long documents) {
      count += documents;
      context.progress("scoring documents", Math.min(count, total), total);
    }
  }

  private Labels labels(ProbeContext context, String name) {
    long seed = context.random(name + "labels").nextLong();
    return settings.sampledLabels() ? Labels.sampled(seed) : Labels.DATA;
  }
}
