package dev.sonde.engine.evaluate.control;

import dev.sonde.api.report.Metric;
import dev.sonde.statistics.PValues;
import java.util.List;

/**
 * A figure against what it comes out as under exchanged labels.
 *
 * @param decoders among which, and all hook points, the figure is the largest
 * @param observed the largest figure under the labels as they are
 * @param drawn the same under each labeling that was drawn
 * @param smallest the smallest p that so many draws, or all labelings there are, can reach
 */
public record NullTest(List<String> decoders, double observed, double[] drawn, double smallest) {
  /** The share of labelings, the observed one among them, that reach as much. */
  public double p() {
    return PValues.of(observed, drawn);
  }

  /** How many labelings were drawn. */
  public int draws() {
    return drawn.length;
  }

  Metric metric(String name, int rows) {
    return Metric.of(name, p()).where("draws", draws()).where("smallest", smallest).n(rows);
  }
}
