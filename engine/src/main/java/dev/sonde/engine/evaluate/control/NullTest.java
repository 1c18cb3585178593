package dev.sonde.engine.evaluate.control;

import dev.sonde.api.report.Metric;
import dev.sonde.statistics.PValues;
import java.util.Arrays;
import java.util.List;

/**
 * A figure against what it comes out as under exchanged labels.
 *
 * @param decoders among which, and all hook points, the figure is the largest
 * @param observed the largest figure under the labels as they are
 * @param drawn the same under each labeling that was drawn
 * @param smallest the smallest p that so many draws, or all labelings there are, can reach
 * @param stopped whether drawing ended because enough labelings had reached the figure
 */
public record NullTest(
    List<String> decoders, double observed, double[] drawn, double smallest, boolean stopped) {
  /** A test that drew all its labelings. */
  public NullTest(List<String> decoders, double observed, double[] drawn, double smallest) {
    this(decoders, observed, drawn, smallest, false);
  }

  /**
   * The share of labelings, the observed one among them, that reach as much; where drawing was
   * stopped, the share of those drawn (Besag and Clifford 1991).
   */
  public double p() {
    return stopped
        ? Arrays.stream(drawn).filter(value -> value >= observed).count() / (double) drawn.length
        : PValues.of(observed, drawn);
  }

  /** How many labelings were drawn. */
  public int draws() {
    return drawn.length;
  }

  Metric metric(String name, int rows) {
    return Metric.of(name, p()).where("draws", draws()).where("smallest", smallest).n(rows);
  }
}
