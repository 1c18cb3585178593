package dev.sonde.statistics;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** What {@code make_reference.py} recorded of NumPy, SciPy, scikit-learn and statsmodels. */
final class Recorded {
  private static final Map<String, String> LINES = read();

  private Recorded() {}

  private static Map<String, String> read() {
    try (InputStream file = Recorded.class.getResourceAsStream("reference.txt")) {
      String text = new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
      return text.lines()
          .map(line -> line.split(": ", 2))
          .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<String> words(String name) {
    return List.of(Objects.requireNonNull(LINES.get(name), name).split(" "));
  }

  static double[] numbers(String name) {
    return words(name).stream().mapToDouble(Double::parseDouble).toArray();
  }

  static double number(String name) {
    return numbers(name)[0];
  }

  static boolean[] flags(String name) {
    double[] numbers = numbers(name);
    boolean[] flags = new boolean[numbers.length];
    for (int i = 0; i < flags.length; i++) {
      flags[i] = numbers[i] != 0;
    }
    return flags;
  }

  /** Numbers as rows of equal length. */
  static double[][] rows(String name, int count) {
    double[] all = numbers(name);
    int width = all.length / count;
    double[][] rows = new double[count][];
    for (int row = 0; row < count; row++) {
      rows[row] = Arrays.copyOfRange(all, row * width, (row + 1) * width);
    }
    return rows;
  }
}
