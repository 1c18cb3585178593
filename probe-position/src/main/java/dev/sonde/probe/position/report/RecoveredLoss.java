package dev.sonde.probe.position.report;

import dev.sonde.api.report.ClaimEvidence;
import dev.sonde.api.report.Metric;
import dev.sonde.probe.position.perturb.Head;
import dev.sonde.probe.position.perturb.Recovery;
import dev.sonde.probe.position.perturb.Substituted;
import dev.sonde.statistics.Estimate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Whether f + g does what attention's logits do, in the running model. */
public final class RecoveredLoss {
  /** The share of the loss that must be recovered. */
  private static final double ENOUGH = 0.8;

  /** A model that loses less without attention's choices has nothing to recover, nats a token. */
  private static final double NOTHING = 0.05;

  private static final String SUM = "e3";

  /** What stands beside f + g, in words. */
  private static final Map<String, String> RIVALS = rivals();

  private RecoveredLoss() {}

  private static Map<String, String> rivals() {
    Map<String, String> rivals = new LinkedHashMap<>();
    rivals.put("f", "position alone (f)");
    rivals.put("g", "content alone (g)");
    rivals.put("shuffled", "f with the content of other keys (g shuffled)");
    return rivals;
  }

  /** The evidence: the share that f + g recovers, beside what f, g and other content recover. */
  public static ClaimEvidence claim(Recovery recovery) {
    ClaimEvidence claim =
        ClaimEvidence.of(
                "sum_does_in_the_running_model",
                "Does position plus content (f + g) in place of the logits do, in the running model, what attention does?")
            .above(
                "share of the loss recovered between uniform attention and the model's own",
                figure(recovery.share(SUM)),
                ENOUGH,
                "the share that is asked for")
            .testedByItsInterval();
    for (Map.Entry<String, String> rival : RIVALS.entrySet()) {
      claim =
          claim.rival(
              rival.getValue(),
              figure(recovery.share(rival.getKey())),
              figure(recovery.margin(SUM, rival.getKey())));
    }
    Estimate cost = recovery.cost();
    return cost.value() < NOTHING
        ? claim.cannotTell(
            String.format(
                Locale.ROOT,
                "with uniform attention the model loses only %.4f nats a token, so there is hardly anything to recover",
                cost.value()),
            "a model, and texts, for which attention matters")
        : claim;
  }

  /** What each substitution recovers and costs: in all blocks, in each block, in each head. */
  static List<Metric> metrics(Substituted substituted) {
    List<Metric> metrics = new ArrayList<>();
    substituted
        .everywhere()
        .forEach((model, recovery) -> add(metrics, recovery, true, m -> m.where("model", model)));
    for (int layer = 0; layer < substituted.blocks().size(); layer++) {
      int own = layer;
      add(metrics, substituted.blocks().get(layer), false, m -> m.where("layer", own));
    }
    add(metrics, substituted.firstOrder(), "gradient");
    add(metrics, substituted.exact(), "run");
    return metrics;
  }

  private static void add(List<Metric> metrics, Map<Head, Recovery> heads, String by) {
    heads.forEach(
        (head, recovery) ->
            add(
                metrics,
                recovery,
                false,
                m -> m.where("layer", head.layer()).where("head", head.head()).where("by", by)));
  }

  /** A share of what is not surely there is left out, unless it is asked for always. */
  private static void add(
      List<Metric> metrics, Recovery recovery, boolean always, UnaryOperator<Metric> placed) {
    for (String name : recovery.changes().keySet()) {
      UnaryOperator<Metric> named = m -> placed.apply(m.where("substitution", name));
      Estimate cost = recovery.cost(name);
      metrics.add(
          named.apply(
              Metric.of("loss.added", cost.value())
                  .interval(cost.low(), cost.high())
                  .unit("nats per token")));
      if (always || recovery.isWorth()) {
        metrics.add(named.apply(figure(recovery.share(name))));
      }
    }
  }

  private static Metric figure(Estimate estimate) {
    return Metric.of("loss.recovered", estimate.value()).interval(estimate.low(), estimate.high());
  }
}
