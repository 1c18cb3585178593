package dev.sonde.trials;

import dev.sonde.api.model.Intervention;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.Model;
import dev.sonde.statistics.ClusterBootstrap;
import dev.sonde.statistics.Estimate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What changes of activations cost text that has nothing to do with the answers: how much less
 * likely its tokens become, in nats a token. More than nothing is worse.
 *
 * @param perDose per dose and text the mean loss added a token
 * @param drift per dose and text how far predictions move, see {@link Drift}; no dose where that is
 *     not known
 */
public record Harm(double[][] perDose, double[][] drift) {
  /**
   * Runs texts as they are and changed in several ways, which stand in the place of doses.
   *
   * @param texts of at least two tokens each
   * @param ways the changes that each makes
   */
  public static Harm of(Model model, List<int[]> texts, List<List<Intervention>> ways) {
    List<Sequence> sequences = new ArrayList<>();
    texts.forEach(text -> sequences.add(Sequence.of(text).scoreFrom(1)));
    for (List<Intervention> changes : ways) {
      texts.forEach(text -> sequences.add(Sequence.of(text).scoreFrom(1).intervene(changes)));
    }
    double[][] scores = model.logProbabilities(sequences);
    double[][] perDose = new double[ways.size()][texts.size()];
    for (int dose = 0; dose < perDose.length; dose++) {
      for (int text = 0; text < texts.size(); text++) {
        perDose[dose][text] = mean(scores[text]) - mean(scores[(dose + 1) * texts.size() + text]);
      }
    }
    return new Harm(perDose, Drift.of(model, texts, ways));
  }

  private static double mean(double[] logProbabilities) {
    return Arrays.stream(logProbabilities).average().orElse(Double.NaN);
  }

  /** The mean over texts of one dose; NaN where there is no text. */
  public double mean(int dose) {
    return mean(perDose[dose]);
  }

  /** The same with an interval over texts. */
  public Estimate estimate(int dose, ClusterBootstrap texts) {
    return texts.mean(perDose[dose]);
  }

  /** How far one dose moves predictions, with an interval over texts; empty where not known. */
  public Optional<Estimate> drift(int dose, ClusterBootstrap texts) {
    return drift.length == 0 ? Optional.empty() : Optional.of(texts.mean(drift[dose]));
  }

  /** Per dose, whether it costs no more than so many nats a token, and moves no more. */
  public boolean[] within(double most) {
    boolean[] within = new boolean[perDose.length];
    for (int dose = 0; dose < within.length; dose++) {
      within[dose] = mean(dose) <= most && (drift.length == 0 || mean(drift[dose]) <= most);
    }
    return within;
  }
}
