package dev.sonde.engine.report;

import dev.sonde.api.report.ClaimEvidence;
import dev.sonde.api.report.ClaimEvidence.Bound;
import dev.sonde.api.report.Metric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * A figure and its interval beside those of its strongest rival and the level that it must pass, on
 * one scale.
 *
 * @param rows the figure first
 * @param level what it must pass
 * @param meaning what the level is
 * @param from the left end of the scale
 * @param to the right end
 */
public record Picture(List<Row> rows, double level, String meaning, double from, double to) {
  /** Columns of the scale where it is drawn with letters. */
  private static final int COLUMNS = 33;

  /** A picture with its list copied. */
  public Picture {
    rows = List.copyOf(rows);
  }

  /**
   * One figure.
   *
   * @param value its value
   * @param low the lower end of its interval, the value itself where there is none
   * @param high the upper end
   * @param number all three for readers
   */
  public record Row(String what, double value, double low, double high, String number) {
    private static Row of(String what, Metric figure) {
      double value = figure.value().orElseThrow();
      return new Row(
          what, value, figure.low().orElse(value), figure.high().orElse(value), figure.text());
    }
  }

  /** Of a claim that has a figure. */
  static Picture of(ClaimEvidence evidence) {
    Bound own = evidence.own().orElseThrow();
    List<Row> rows = new ArrayList<>(List.of(Row.of(own.what(), own.figure())));
    evidence.strongest().ifPresent(rival -> rows.add(Row.of(rival.name(), rival.figure())));
    double[] ends =
        DoubleStream.concat(
                DoubleStream.of(own.level()),
                rows.stream().flatMapToDouble(row -> DoubleStream.of(row.low(), row.high())))
            .sorted()
            .toArray();
    double least = ends[0];
    double most = ends[ends.length - 1];
    double room = most > least ? (most - least) / 20 : Math.max(Math.abs(most), 1) / 20;
    return new Picture(rows, own.level(), own.meaning(), least - room, most + room);
  }

  /** Where a value lies on the scale, from 0 to 1. */
  public double share(double value) {
    return (value - from) / (to - from);
  }

  /** How to read it. */
  public String caption() {
    return "Points with 95 %% intervals, from %s to %s; the upright line is %s (%s)."
        .formatted(Metric.text(from), Metric.text(to), Metric.text(level), meaning);
  }

  /** The picture drawn with letters, a line a figure, then how to read it. */
  public List<String> text() {
    int width = rows.stream().mapToInt(row -> row.what().length()).max().orElse(0);
    return Stream.concat(
            rows.stream()
                .map(
                    row ->
                        ("%-" + width + "s  |%s|  %s")
                            .formatted(row.what(), scale(row), row.number())),
            Stream.of(
                "The letter o is the figure, = its 95 %% interval, : is %s (%s); from %s to %s."
                    .formatted(Metric.text(level), meaning, Metric.text(from), Metric.text(to))))
        .toList();
  }

  private String scale(Row row) {
    char[] scale = new char[COLUMNS];
    Arrays.fill(scale, ' ');
    Arrays.fill(scale, column(row.low()), column(row.high()) + 1, '=');
    scale[column(level)] = ':';
    scale[column(row.value())] = 'o';
    return new String(scale);
  }

  private int column(double value) {
    return (int) Math.round(share(value) * (COLUMNS - 1));
  }
}
