package dev.sonde.probe.influence;

import static dev.sonde.probe.influence.score.Demand.gib;

import dev.sonde.api.probe.Needs;
import dev.sonde.probe.influence.check.RetrainingSettings;
import dev.sonde.probe.influence.curvature.Strategy;
import dev.sonde.probe.influence.report.TopDocuments;
import dev.sonde.probe.influence.score.Demand;
import dev.sonde.probe.influence.score.InfluencePlan;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The plan as the engine shows it before anything runs. */
final class InfluenceNeeds {
  private final InfluencePlan plan;
  private final Demand demand;
  private final InfluenceSettings settings;

  InfluenceNeeds(InfluencePlan plan, InfluenceSettings settings) {
    this.plan = plan;
    this.demand = plan.demand();
    this.settings = settings;
  }

  Needs needs() {
    long fitted = InfluencePlan.tokens(plan.fitted());
    long scored = InfluencePlan.tokens(plan.documents());
    long asked = InfluencePlan.tokens(plan.queries());
    RetrainingSettings again = settings.retraining();
    long trained = again.trainings() * (scored * again.recipe().rounds());
    int fits = 1 + settings.fit().resamples();
    long backward =
        (fittingPasses() + refiningPasses()) * fitted
            + scoringPasses() * scored
            + asked * fits
            + marked();
    int copies = settings.fit().partitions() + 1 + (settings.report().factors() ? 1 : 0);
    return Needs.none()
        .runs(
            backward
                + asked
                - (demand.kept() > 1 ? scored : 0)
                + trained
                + again.trainings() * asked)
        .backward(backward + 2 * trained) // of activations and of weights
        .holds(demand.taken(), Demand.LESS)
        .writes(demand.factors() * copies + 2 * demand.full() + summaries())
        .remark(sentence(fitted, scored));
  }

  /** Bytes of what shards keep of their scores. */
  private long summaries() {
    int shards = Math.ceilDiv(plan.documents().size(), settings.scores().shard());
    return demand.scores() * shards * demand.scoringPasses() * (1 + settings.fit().resamples());
  }

  /** Tokens of what is run once more to say what each token contributes, at most. */
  private long marked() {
    long documents =
        plan.documents().stream()
            .map(document -> document.tokens().length)
            .sorted(Comparator.reverseOrder())
            .limit(settings.report().show())
            .mapToLong(length -> length)
            .sum();
    return TopDocuments.shown(plan.queries()).stream()
        .mapToLong(query -> plan.queries().get(query).tokens().length + documents)
        .sum();
  }

  /** How often documents run backward to fit the curvature. */
  private int fittingPasses() {
    if (settings.fit().factors().isPresent() && settings.fit().resamples() == 0) {
      return 0;
    }
    List<Strategy> strategies = settings.scores().strategies(0);
    boolean rotates = strategies.stream().anyMatch(Strategy::rotates);
    boolean squares =
        strategies.stream().anyMatch(Strategy::corrects) || strategies.contains(Strategy.DIAGONAL);
    int each = (rotates ? 1 : 0) + (squares ? 1 : 0);
    int first = demand.kept() > 0 ? Math.min(1, each) : each;
    return first + each * settings.fit().resamples();
  }

  /** How often documents run backward to solve by conjugate gradients, at most. */
  private int refiningPasses() {
    long refined =
        settings.scores().variants(0).stream()
            .filter(variant -> variant.strategy() == Strategy.EKFAC_CG)
            .count();
    int each = settings.scores().iterations() + 1;
    return Math.toIntExact(refined) * demand.scoringPasses() * each;
  }

  private int scoringPasses() {
    return demand.scoringPasses() * (1 + settings.fit().resamples());
  }

  private String sentence(long fitted, long scored) {
    return String.format(
        Locale.ROOT,
        "%d linears, factors of %s, a query %s, %d of %d queries at once; backward %d times over %d"
            + " tokens to fit the curvature, %d times over %d to score%s%s%s",
        demand.linears(),
        gib(demand.factors()),
        gib(demand.held()),
        demand.queriesAtOnce(),
        demand.queries(),
        fittingPasses(),
        fitted,
        scoringPasses(),
        scored,
        refiningPasses() == 0
            ? ""
            : ", up to %d times more to solve by conjugate gradients".formatted(refiningPasses()),
        demand.kept() == 0 ? "" : ", rows of %s kept between them".formatted(gib(demand.rows())),
        settings.retraining().trainings() == 0
            ? ""
            : "; training again %d times".formatted(settings.retraining().trainings()));
  }
}
