package dev.sonde.probe.stepimportance.report;

import dev.sonde.api.data.Study;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Report;
import dev.sonde.probe.stepimportance.chain.Mask;
import dev.sonde.probe.stepimportance.chain.SkipReason;
import dev.sonde.probe.stepimportance.cohort.Planted;
import dev.sonde.probe.stepimportance.cohort.RowOutcome;
import dev.sonde.probe.stepimportance.cohort.SearchedChain;
import dev.sonde.probe.stepimportance.search.SearchResult;
import dev.sonde.probe.stepimportance.search.SearchVariant;
import dev.sonde.probe.stepimportance.search.Shortcut;
import dev.sonde.statistics.ClusterBootstrap;
import dev.sonde.statistics.Estimate;
import dev.sonde.statistics.Groups;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** The figures of the search. */
public final class SearchMetrics {
  private static final String VARIANT = "variant";
  private static final String CHAINS = "chains";

  /** Ids that a note names. */
  private static final int NAMED = 5;

  private final ProbeContext context;
  private final List<RowOutcome> outcomes;
  private final List<SearchVariant> variants;
  private final List<SearchedChain> found = new ArrayList<>();
  private final ClusterBootstrap bootstrap;

  /**
   * The figures of some outcomes.
   *
   * @param neededColumn the column that says of each step whether it was planted
   * @param eitherColumn the column with steps of which one suffices
   */
  public SearchMetrics(
      ProbeContext context,
      List<RowOutcome> outcomes,
      List<SearchVariant> variants,
      String neededColumn,
      String eitherColumn) {
    this.context = context;
    this.outcomes = outcomes;
    this.variants = variants;
    Study study = context.study();
    for (RowOutcome outcome : outcomes) {
      SearchedChain.of(outcome, study.examples().get(outcome.row()), neededColumn, eitherColumn)
          .ifPresent(found::add);
    }
    this.bootstrap =
        new ClusterBootstrap(
            Groups.of(found.stream().map(each -> each.result().chain().group()).toList()),
            context.bootstrapDraws(),
            context.random("bootstrap"));
  }

  /** The chains in which the search succeeded. */
  public List<SearchedChain> found() {
    return found;
  }

  /** Puts everything that is a number into the report. */
  public void report() {
    counts();
    if (found.isEmpty()) {
      return;
    }
    double[] prefixes =
        found.stream().mapToDouble(f -> (double) f.result().prefix().size() / size(f)).toArray();
    metric(Metric.of("prefix.share", 0), bootstrap.mean(prefixes));
    shortcuts();
    inverted();
    double[] tests = found.stream().mapToDouble(f -> f.result().tests()).toArray();
    metric(Metric.of("search.tests", 0).unit("subsequences"), bootstrap.mean(tests));
    variants.forEach(this::cores);
    compare();
    if (found.stream().anyMatch(each -> each.planted().isPresent())) {
      variants.forEach(this::planted);
    }
  }

  private static int size(SearchedChain each) {
    return each.result().chain().size();
  }

  private void counts() {
    Report report = context.report();
    report.metric(Metric.of("chains.used", found.size()).n(outcomes.size()).unit(CHAINS));
    List<String> reasons = new ArrayList<>();
    for (SkipReason reason : SkipReason.values()) {
      long count =
          outcomes.stream()
              .filter(o -> o.found().reason().stream().anyMatch(reason::equals))
              .count();
      report.metric(
          Metric.of("chains.skipped", (double) count)
              .where("reason", reason.toString())
              .n(outcomes.size())
              .unit(CHAINS));
      if (count > 0) {
        reasons.add("%d %s".formatted(count, reason.text()));
      }
    }
    report.note(
        "%d of %d chains were searched%s"
            .formatted(
                found.size(),
                outcomes.size(),
                reasons.isEmpty() ? "." : "; left out: " + String.join(", ", reasons) + "."));
  }

  /** Steps that were taken out, by what told. */
  private void shortcuts() {
    for (Shortcut.Why why : Shortcut.Why.values()) {
      long steps =
          found.stream()
              .flatMap(each -> each.result().shortcuts().stream())
              .filter(each -> each.why() == why)
              .count();
      context
          .report()
          .metric(
              Metric.of("shortcuts.removed", (double) steps)
                  .where("why", why.toString())
                  .n(found.size())
                  .unit("steps"));
    }
  }

  /** Chains that are less likely than the answer given at once. */
  private void inverted() {
    List<String> ids =
        found.stream()
            .filter(each -> each.result().inverted())
            .map(each -> each.result().chain().id())
            .toList();
    context
        .report()
        .metric(
            Metric.of("attainability.inverted", (double) ids.size()).n(found.size()).unit(CHAINS));
    if (!ids.isEmpty()) {
      context
          .report()
          .note(
              "Attainability is upside down in %d of %d chains, in which the answer given at once is no less likely than the chain: it then rewards unlikely text. They are %s."
                  .formatted(
                      ids.size(),
                      found.size(),
                      String.join(", ", ids.subList(0, Math.min(NAMED, ids.size())))
                          + (ids.size() > NAMED ? ", …" : "")));
    }
  }

  /** How often each of the two tests rejected a subsequence. */
  private void rejections(SearchVariant variant) {
    double[] tried = new double[found.size()];
    double[] unattainable = new double[found.size()];
    double[] insufficient = new double[found.size()];
    for (int i = 0; i < tried.length; i++) {
      SearchResult.Trials trials = found.get(i).core(variant).trials();
      unattainable[i] = trials.unattainable();
      insufficient[i] = trials.insufficient();
      tried[i] = unattainable[i] + insufficient[i] + trials.passed();
    }
    if (DoubleStream.of(tried).sum() == 0) {
      return;
    }
    Metric metric = Metric.of("search.rejected", 0).where(VARIANT, "" + variant);
    metric(metric.where("test", "attainability"), bootstrap.ratio(unattainable, tried));
    metric(metric.where("test", "sufficiency"), bootstrap.ratio(insufficient, tried));
  }

  private void metric(Metric metric, Estimate estimate) {
    Metric valued = Metric.of(metric.name(), estimate.value());
    for (var where : metric.where().entrySet()) {
      valued = valued.where(where.getKey(), where.getValue());
    }
    context
        .report()
        .metric(
            valued
                .interval(estimate.low(), estimate.high())
                .n(metric.n().orElse(found.size()))
                .unit(metric.unit()));
  }

  private void cores(SearchVariant variant) {
    metric(
        Metric.of("core.share", 0).where(VARIANT, "" + variant), bootstrap.mean(shares(variant)));
    double[] sizes = found.stream().mapToDouble(f -> f.core(variant).size()).toArray();
    metric(
        Metric.of("core.steps", 0).where(VARIANT, "" + variant).unit("steps"),
        bootstrap.mean(sizes));
    for (SearchResult.Label label : SearchResult.Label.values()) {
      double[] shares = found.stream().mapToDouble(f -> share(f, variant, label)).toArray();
      metric(
          Metric.of("labels.share", 0)
              .where(VARIANT, "" + variant)
              .where("label", label.toString().replace(' ', '_')),
          bootstrap.mean(shares));
    }
    zeroRows(variant);
    rejections(variant);
  }

  private double[] shares(SearchVariant variant) {
    return found.stream().mapToDouble(each -> each.share(variant)).toArray();
  }

  private static double share(SearchedChain each, SearchVariant variant, SearchResult.Label label) {
    SearchResult.Core core = each.core(variant);
    long count =
        IntStream.range(0, size(each))
            .filter(step -> each.result().label(core, step) == label)
            .count();
    return (double) count / size(each);
  }

  /** Steps on which nothing bears are leaves of the walk; a root of that kind was skipped. */
  private void zeroRows(SearchVariant variant) {
    long rows =
        found.stream()
            .flatMap(each -> each.core(variant).influence().stream())
            .mapToLong(
                matrix ->
                    IntStream.range(1, matrix.size()).filter(row -> matrix.total(row) == 0).count())
            .sum();
    if (found.getFirst().core(variant).influence().isPresent()) {
      context
          .report()
          .metric(
              Metric.of("influence.zero_rows", (double) rows)
                  .where(VARIANT, "" + variant)
                  .n(found.size())
                  .unit("steps"));
    }
  }

  private void compare() {
    if (variants.size() < 2) {
      return;
    }
    for (SearchVariant variant : variants) {
      double[] wins = found.stream().mapToDouble(f -> wins(f, variant) ? 1 : 0).toArray();
      metric(Metric.of("core.wins", 0).where(VARIANT, "" + variant), bootstrap.mean(wins));
    }
    double[] ties =
        found.stream()
            .mapToDouble(f -> variants.stream().anyMatch(v -> wins(f, v)) ? 0 : 1)
            .toArray();
    metric(Metric.of("core.ties", 0), bootstrap.mean(ties));
    SearchVariant first = variants.getFirst();
    for (SearchVariant other : variants.subList(1, variants.size())) {
      double[] a = shares(first);
      double[] b = shares(other);
      double[] differences = new double[a.length];
      Arrays.setAll(differences, i -> a[i] - b[i]);
      metric(
          Metric.of("core.share.difference", 0)
              .where(VARIANT, "" + first)
              .where("from", "" + other),
          bootstrap.mean(differences));
    }
  }

  /** Whether a variant's core is smaller than that of every other. */
  private boolean wins(SearchedChain each, SearchVariant variant) {
    double size = each.core(variant).size();
    return variants.stream()
        .filter(other -> other != variant)
        .allMatch(other -> size < each.core(other).size());
  }

  /** Over the chains whose rows say what is needed, all steps together. */
  private void planted(SearchVariant variant) {
    double[] hits = new double[found.size()];
    double[] cores = new double[found.size()];
    double[] needed = new double[found.size()];
    double[] distractors = new double[found.size()];
    double[] outside = new double[found.size()];
    double[] inPrefix = new double[found.size()];
    double[] outsideInPrefix = new double[found.size()];
    int chains = 0;
    for (int i = 0; i < hits.length; i++) {
      if (found.get(i).planted().isEmpty()) {
        continue;
      }
      chains++;
      Planted truth = found.get(i).planted().get();
      SearchResult result = found.get(i).result();
      Mask others = truth.distractors(result.remaining());
      Mask near = truth.distractors(result.prefix());
      for (Mask core : found.get(i).core(variant).found()) {
        hits[i] += truth.in(core);
        cores[i] += core.size();
        needed[i] += truth.size();
        distractors[i] += others.size();
        outside[i] += others.minus(core).size();
        inPrefix[i] += near.size();
        outsideInPrefix[i] += near.minus(core).size();
      }
    }
    planted("precision", variant, chains, hits, cores);
    planted("recall", variant, chains, hits, needed);
    planted("removable", variant, chains, outside, distractors);
    planted("removable_in_prefix", variant, chains, outsideInPrefix, inPrefix);
  }

  private void planted(
      String name, SearchVariant variant, int chains, double[] above, double[] below) {
    metric(
        Metric.of("planted." + name, 0).where(VARIANT, "" + variant).n(chains),
        bootstrap.ratio(above, below));
  }
}
