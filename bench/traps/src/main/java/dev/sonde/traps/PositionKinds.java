package dev.sonde.traps;

import dev.sonde.api.report.Claim.Answer;
import dev.sonde.probe.position.perturb.Losses;
import dev.sonde.probe.position.perturb.Recovery;
import dev.sonde.probe.position.report.ContentGain;
import dev.sonde.probe.position.report.RecoveredLoss;
import dev.sonde.statistics.ClusterBootstrap;
import dev.sonde.statistics.Groups;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** What position and content do in attention: losses of texts, and gains of heads, are planted. */
final class PositionKinds {
  private static final String SUM = "sum_does_in_the_running_model";
  private static final String CONTENT = "meaning_beside_position";
  private static final int TOKENS = 256;
  private static final int DRAWS = 400;

  private PositionKinds() {}

  static List<Kind> all() {
    List<Kind> kinds = new ArrayList<>(sums());
    kinds.addAll(contents());
    return kinds;
  }

  /**
   * Shares of the loss that substitutions recover.
   *
   * @param texts how many
   * @param cost of uniform attention, nats a token
   * @param uneven how unlike texts are, the deviation of the logarithm of their cost
   * @param share that f + g recovers
   * @param noise of that share from text to text
   * @param rival share that each of the others recovers
   */
  private record Shares(
      int texts, double cost, double uneven, double share, double noise, double rival) {
    Answer answer(RandomGenerator random) {
      double[] uniform = new double[texts];
      Arrays.setAll(uniform, text -> TOKENS * cost * Math.exp(uneven * random.nextGaussian()));
      Map<String, List<Losses.Change>> changes = new LinkedHashMap<>();
      changes.put("uniform", changes(uniform));
      changes.put("e3", changes(without(uniform, share, random)));
      changes.put("f", changes(without(uniform, rival, random)));
      changes.put("g", changes(without(uniform, rival - 0.1, random)));
      changes.put("shuffled", changes(without(uniform, rival - 0.2, random)));
      ClusterBootstrap drawn = PositionKinds.draws(texts, random);
      return RecoveredLoss.claim(new Recovery(changes, some -> drawn))
          .judged()
          .answer();
    }

    private double[] without(double[] uniform, double recovered, RandomGenerator random) {
      return Arrays.stream(uniform)
          .map(nats -> nats * (1 - recovered + noise * random.nextGaussian()))
          .toArray();
    }

    private static List<Losses.Change> changes(double[] nats) {
      return Arrays.stream(nats).mapToObj(each -> new Losses.Change(each, TOKENS)).toList();
    }
  }

  private static ClusterBootstrap draws(int of, RandomGenerator random) {
    return new ClusterBootstrap(Groups.ofSingleRows(of), DRAWS, random);
  }

  private static Kind trap(String name, String planted, Shares shares) {
    return Kind.trap(name, SUM, planted, random -> Kind.Drawn.of(shares.answer(random)));
  }

  private static Kind effect(String name, String planted, Shares shares) {
    return Kind.effect(name, SUM, planted, random -> Kind.Drawn.of(shares.answer(random)));
  }

  private static List<Kind> sums() {
    return List.of(
        trap(
            "sum-at-the-level",
            "f + g recovers 0.80 of the loss, eight texts",
            new Shares(8, 2, 0.3, 0.8, 0.1, 0.2)),
        trap(
            "sum-at-the-level-uneven",
            "f + g recovers 0.80 of the loss, eight texts of which some cost far more",
            new Shares(8, 2, 1.2, 0.8, 0.1, 0.2)),
        trap("sum-lost", "f + g recovers half of the loss", new Shares(8, 2, 0.3, 0.5, 0.2, 0.2)),
        trap(
            "sum-two-texts",
            "f + g recovers 0.75 of the loss, two texts",
            new Shares(2, 2, 0.3, 0.75, 0.1, 0.2)),
        trap(
            "sum-three-texts",
            "f + g recovers 0.78 of the loss, three texts",
            new Shares(3, 2, 0.3, 0.78, 0.1, 0.2)),
        trap(
            "position-alone-does",
            "f + g recovers 0.9 of the loss, f alone as much",
            new Shares(12, 2, 0.3, 0.9, 0.04, 0.9)),
        Kind.only(
            Answer.CANNOT_BE_TOLD,
            "nothing-to-recover",
            SUM,
            "uniform attention costs 0.01 nats a token",
            random -> Kind.Drawn.of(new Shares(12, 0.01, 0.3, 0.95, 0.02, 0.2).answer(random))),
        effect(
            "sum-does",
            "f + g recovers 0.92 of the loss, eight texts",
            new Shares(8, 2, 0.3, 0.92, 0.05, 0.2)),
        effect(
            "sum-does-barely",
            "f + g recovers 0.86 of the loss, 24 texts",
            new Shares(24, 2, 0.3, 0.86, 0.08, 0.3)),
        effect(
            "sum-does-uneven",
            "f + g recovers 0.92 of the loss, 16 texts of which some cost far more",
            new Shares(16, 2, 0.8, 0.92, 0.05, 0.2)));
  }

  /**
   * R² that content adds, head by head.
   *
   * @param own mean over the heads of the model
   * @param fresh the same of one with fresh weights
   * @param ofHeads how unlike heads are
   * @param spread of the logits, nats
   */
  private record Gains(
      int heads, int texts, double own, double fresh, double ofHeads, double spread) {
    Answer answer(RandomGenerator random) {
      return ContentGain.claim(
              gains(own, random), gains(fresh, random), spreads(random), draws(heads, random))
          .judged()
          .answer();
    }

    private double[][] gains(double mean, RandomGenerator random) {
      double[] common = Made.times(0.02, Made.gaussians(random, texts));
      double[][] gains = new double[heads][texts];
      for (double[] head : gains) {
        double of = mean + ofHeads * random.nextGaussian();
        Arrays.setAll(head, text -> of + common[text] + 0.03 * random.nextGaussian());
      }
      return gains;
    }

    private double[][] spreads(RandomGenerator random) {
      double[][] spreads = new double[heads][texts];
      for (double[] head : spreads) {
        double of = spread * Math.exp(0.3 * random.nextGaussian());
        Arrays.setAll(head, text -> of * Math.exp(0.05 * random.nextGaussian()));
      }
      return spreads;
    }
  }

  private static Kind.Draw gains(Gains gains) {
    return random -> Kind.Drawn.of(gains.answer(random));
  }

  private static List<Kind> contents() {
    return List.of(
        Kind.trap(
            "content-untrained",
            CONTENT,
            "two models with fresh weights, large logits, eight texts",
            gains(new Gains(16, 8, 0.2, 0.2, 0.08, 0.3))),
        Kind.trap(
            "content-untrained-many-heads",
            CONTENT,
            "two models with fresh weights, large logits, 60 heads",
            gains(new Gains(60, 8, 0.3, 0.3, 0.1, 0.3))),
        Kind.trap(
            "content-of-nothing",
            CONTENT,
            "content adds much to logits that move by 0.04 nats",
            gains(new Gains(16, 8, 0.6, 0.2, 0.05, 0.035))),
        Kind.trap(
            "content-fresh-as-much",
            CONTENT,
            "content adds much, and with fresh weights a little more",
            gains(new Gains(16, 8, 0.5, 0.52, 0.1, 2))),
        Kind.trap(
            "content-adds-nothing",
            CONTENT,
            "content adds nothing that position does not say",
            gains(new Gains(16, 8, 0, -0.3, 0, 2))),
        Kind.effect(
            "content-adds",
            CONTENT,
            "content adds 0.5, with fresh weights 0.2",
            gains(new Gains(16, 8, 0.5, 0.2, 0.1, 2))),
        Kind.effect(
            "content-adds-little",
            CONTENT,
            "content adds 0.3, with fresh weights 0.2; 60 heads",
            gains(new Gains(60, 8, 0.3, 0.2, 0.1, 2))));
  }
}
