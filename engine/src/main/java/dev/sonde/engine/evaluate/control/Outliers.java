package dev.sonde.engine.evaluate.control;

import dev.sonde.api.data.Example;
import dev.sonde.api.evaluate.Standardised;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.report.Metric;
import dev.sonde.engine.evaluate.fit.FoldRows;
import dev.sonde.statistics.Quantiles;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Massive dimensions and wild rows, which decide where a difference of means points, and what
 * decoders on features as they are can see. Those on {@link Standardised} features are spared.
 */
public final class Outliers implements Control {
  /** So many times as large as the median feature is massive. */
  private static final double MASSIVE = 30;

  /** A row whose features lie so many scales from their medians, as a root mean square, is wild. */
  private static final double WILD = 20;

  /** As many are named in a note. */
  private static final int NAMED = 3;

  @Override
  public Measured measure(EvaluationRun run) {
    Map<Integer, Found> dimensions = new TreeMap<>();
    Map<Integer, Found> rows = new TreeMap<>();
    for (Matrix features : run.input().main().sites().values()) {
      look(features, run, dimensions, rows);
    }
    List<Example> examples = run.study().examples();
    Result result =
        new Result(
            largestFirst(dimensions).stream()
                .map(e -> new Massive(e.getKey(), e.getValue().times(), e.getValue().sites()))
                .toList(),
            largestFirst(rows).stream()
                .map(
                    e ->
                        new Wild(
                            examples.get(e.getKey()).id(),
                            e.getValue().times(),
                            e.getValue().sites()))
                .toList(),
            run.input().main().sites().size());
    return working -> result;
  }

  /** How large something is at most, and at how many hook points. */
  private record Found(double times, int sites) {
    Found plus(Found other) {
      return new Found(Math.max(times, other.times), sites + other.sites);
    }
  }

  private static List<Map.Entry<Integer, Found>> largestFirst(Map<Integer, Found> found) {
    return found.entrySet().stream()
        .sorted(Comparator.comparingDouble(entry -> -entry.getValue().times()))
        .toList();
  }

  private static void look(
      Matrix features,
      EvaluationRun run,
      Map<Integer, Found> dimensions,
      Map<Integer, Found> rows) {
    int[] all = IntStream.range(0, features.rows()).toArray();
    Standardised scales = new FoldRows(features, all, run.algebra()).standardised();
    double[] sizes = new double[features.columns()];
    for (int c = 0; c < sizes.length; c++) {
      sizes[c] = Math.hypot(scales.centre()[c], scales.scale()[c]);
    }
    double usual = Quantiles.median(sizes);
    for (int c = 0; c < sizes.length; c++) {
      if (usual > 0 && sizes[c] > MASSIVE * usual) {
        dimensions.merge(c, new Found(sizes[c] / usual, 1), Found::plus);
      }
    }
    for (int row = 0; row < features.rows(); row++) {
      double[] values = features.row(row);
      double squares = 0;
      for (int c = 0; c < values.length; c++) {
        double apart = (values[c] - scales.centre()[c]) / scales.scale()[c];
        squares += apart * apart / values.length;
      }
      if (squares > WILD * WILD) {
        rows.merge(row, new Found(Math.sqrt(squares), 1), Found::plus);
      }
    }
  }

  /**
   * A dimension that is much larger than the others.
   *
   * @param index from 0
   * @param times of the size of the median dimension, where it is largest
   * @param sites at how many hook points
   */
  public record Massive(int index, double times, int sites) {}

  /**
   * A row that lies far from all others.
   *
   * @param id of the row
   * @param scales from the medians, as a root mean square over features, where it is farthest
   * @param sites at how many hook points
   */
  public record Wild(String id, double scales, int sites) {}

  /**
   * What stands out, the largest first.
   *
   * @param sites how many hook points there are
   */
  public record Result(List<Massive> dimensions, List<Wild> rows, int sites)
      implements ControlResult {
    @Override
    public List<Metric> metrics() {
      return List.of();
    }

    @Override
    public List<String> notes() {
      List<String> notes = new ArrayList<>();
      if (!dimensions.isEmpty()) {
        notes.add(
            note(
                dimensions.stream()
                    .limit(NAMED)
                    .map(
                        one ->
                            "dimension %d is %.0f times as large as the median one, at %d of %d hook points"
                                .formatted(one.index(), one.times(), one.sites(), sites))
                    .toList(),
                dimensions.size()));
      }
      if (!rows.isEmpty()) {
        notes.add(
            note(
                rows.stream()
                    .limit(NAMED)
                    .map(
                        one ->
                            "row '%s' lies %.0f standard deviations from the others, at %d of %d hook points"
                                .formatted(one.id(), one.scales(), one.sites(), sites))
                    .toList(),
                rows.size()));
      }
      return notes;
    }

    private static String note(List<String> named, int all) {
      String more = all > named.size() ? " (%d more)".formatted(all - named.size()) : "";
      return "%s%s. Directions by difference of means may be spoilt."
          .formatted(String.join("; ", named), more);
    }
  }
}
