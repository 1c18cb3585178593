package dev.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Rows;
import dev.sonde.api.model.Sequence;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** The rows of one read, by sequence and place, copied out of a stream. */
public final class Readings {
  private final Map<String, float[]> rows = new TreeMap<>();

  private Readings() {}

  /** Runs a backend and keeps every row; a row that comes twice is an assertion error. */
  public static Readings of(LanguageModel backend, Read read, List<Sequence> sequences) {
    return of(backend, read, sequences, 0);
  }

  /** The same with a token budget. */
  public static Readings of(
      LanguageModel backend, Read read, List<Sequence> sequences, int tokenBudget) {
    Map<Read, Readings> one = each(backend, List.of(read), sequences, tokenBudget);
    return one.getOrDefault(read, new Readings());
  }

  /** Several reads in one request, a group each; one that gives no rows is not among them. */
  public static Map<Read, Readings> each(
      LanguageModel backend, List<Read> reads, List<Sequence> sequences, int tokenBudget) {
    Map<Read, Readings> all = new HashMap<>();
    ForwardRequest request = ForwardRequest.of(sequences).readEach(reads).tokenBudget(tokenBudget);
    backend
        .forward(request)
        .forEach(
            batch -> {
              for (Rows rows : batch.rows()) {
                all.computeIfAbsent(rows.read(), read -> new Readings()).add(rows);
              }
            });
    return all;
  }

  private void add(Rows from) {
    for (int i = 0; i < from.count(); i++) {
      float[] values = from.row(i).toArray(ValueLayout.JAVA_FLOAT);
      int objective = from.read().isGradient() ? from.objectives()[i] : 0;
      String key = key(from.sequences()[i], from.places()[i], objective);
      assertThat(rows.put(key, values)).as("row %s comes once", key).isNull();
    }
  }

  private static String key(int sequence, int place, int objective) {
    return sequence + "/" + place + (objective == 0 ? "" : "/" + objective);
  }

  /** Number of rows. */
  public int size() {
    return rows.size();
  }

  /** The names of the rows, {@code sequence/place}, and the objective where it is not the first. */
  public Set<String> keys() {
    return rows.keySet();
  }

  /** A row; its absence is an assertion error. */
  public float[] row(int sequence, int place) {
    return gradient(sequence, place, 0);
  }

  /** A row of the gradient of one objective; its absence is an assertion error. */
  public float[] gradient(int sequence, int place, int objective) {
    return row(key(sequence, place, objective));
  }

  private float[] row(String key) {
    float[] row = rows.get(key);
    if (row == null) {
      throw new AssertionError("there is no row " + key + " among " + rows.keySet());
    }
    return row;
  }

  /**
   * What a reduction makes of the rows of some tokens of a sequence.
   *
   * @param from the first token
   * @param to the one after the last
   */
  float[] reduced(int sequence, int from, int to, String reduction) {
    List<float[]> run = IntStream.range(from, to).mapToObj(t -> row(sequence, t)).toList();
    float[] reduced = new float[reduction.equals(Read.NORM) ? 1 : run.getFirst().length];
    for (int c = 0; c < reduced.length; c++) {
      int column = c;
      DoubleStream cells = run.stream().mapToDouble(row -> row[column]);
      reduced[c] =
          (float)
              switch (reduction) {
                case Read.MEAN -> cells.average().orElseThrow();
                case Read.MAX -> cells.max().orElseThrow();
                case Read.NORM -> norm(run);
                default -> throw new IllegalArgumentException(reduction);
              };
    }
    return reduced;
  }

  private static double norm(List<float[]> rows) {
    double squares = 0;
    for (float[] row : rows) {
      for (float value : row) {
        squares += (double) value * value;
      }
    }
    return Math.sqrt(squares);
  }

  /** The rows of several single-sequence readings as those of one request. */
  static Readings join(List<Readings> single) {
    Readings joined = new Readings();
    for (int i = 0; i < single.size(); i++) {
      String prefix = i + "/";
      single
          .get(i)
          .rows
          .forEach((key, row) -> joined.rows.put(key.replaceFirst("^0/", prefix), row));
    }
    return joined;
  }

  /** The sums of rows of the same name. */
  Readings plus(Readings other) {
    Readings sum = new Readings();
    rows.forEach(
        (key, row) -> {
          float[] added = row.clone();
          for (int c = 0; c < added.length; c++) {
            added[c] += other.row(key)[c];
          }
          sum.rows.put(key, added);
        });
    return sum;
  }

  /** Every row is the other's, to a share of that row's norm. */
  public void assertClose(Readings expected, double tolerance) {
    assertThat(rows.keySet())
        .as("the rows that were given, SEQUENCE/PLACE")
        .isEqualTo(expected.rows.keySet());
    rows.forEach((key, row) -> assertClose(row, expected.row(key), tolerance));
  }

  /** A row is another, to a share of that row's norm. */
  public static void assertClose(float[] actual, float[] expected, double tolerance) {
    assertThat(actual).as("values of a row").hasSameSizeAs(expected);
    assertThat(relativeError(actual, expected))
        .as("relative difference ‖a − b‖ / ‖b‖ of a row from the one it should be")
        .isLessThanOrEqualTo(tolerance);
  }

  /** {@code ‖a − b‖ / ‖b‖}; the absolute norm where b is zero. */
  public static double relativeError(float[] actual, float[] expected) {
    double difference = 0;
    double size = 0;
    for (int i = 0; i < actual.length; i++) {
      difference += Math.pow((double) actual[i] - expected[i], 2);
      size += Math.pow(expected[i], 2);
    }
    return size == 0 ? Math.sqrt(difference) : Math.sqrt(difference / size);
  }
}
