import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A hundred variants of one chain of thought, each without some of its steps, with and without
 * shared prefixes: {@code java bench/Variants.java MODEL_FOLDER ROWS.jsonl}. See README.md.
 */
public final class Variants {
  private static final int VARIANTS = 100;
  private static final int REPEATS = 3;

  /** Chains shorter than this many times their prompt are passed over. */
  private static final double CHAIN = 1.5;

  private record Problem(String question, List<String> steps) {
    int length() {
      return steps.stream().mapToInt(String::length).sum();
    }
  }

  public static void main(String[] args) throws Exception {
    Path folder = Files.createTempDirectory("sonde-bench");
    Problem problem = longest(Files.readAllLines(Path.of(args[1])));
    Path rows = folder.resolve("rows.jsonl");
    Path one = folder.resolve("one.jsonl");
    List<String> lines = rows(problem);
    Files.write(rows, lines);
    Files.write(one, lines.subList(0, 1));
    Sonde sonde = new Sonde(folder, Path.of(args[0]));
    double plain = Double.MAX_VALUE;
    double shared = Double.MAX_VALUE;
    for (int round = 0; round < REPEATS; round++) {
      double start = sonde.capture(one, List.of()).seconds();
      plain = Math.min(plain, sonde.capture(rows, List.of("--set", "model.with.prefix_cache_mib=0")).seconds() - start);
      shared = Math.min(shared, sonde.capture(rows, List.of()).seconds() - start);
    }
    System.out.printf(
        "%d variants of %d steps, prompt %d and chain %d characters%n%n",
        lines.size(), problem.steps().size(), problem.question().length(), problem.length());
    System.out.println("| way | seconds |\n|---|---|");
    System.out.printf("| packed, each from its beginning | %.2f |%n", plain);
    System.out.printf("| packed, prefixes shared | %.2f |%n", shared);
    System.out.printf("%n%.1f times as fast%n", plain / shared);
  }

  /** The problem with the most steps among those whose chain is long enough. */
  private static Problem longest(List<String> rows) {
    return rows.stream()
        .map(row -> new Problem(text(row, "question"), List.of(text(row, "solution").split("\\\\n"))))
        .filter(p -> p.length() >= CHAIN * p.question().length())
        .max(Comparator.comparingInt((Problem p) -> p.steps().size()).thenComparingInt(Problem::length))
        .orElseThrow();
  }

  /** A field as it is escaped in the file. */
  private static String text(String row, String field) {
    Matcher found = Pattern.compile("\"" + field + "\": \"((?:[^\"\\\\]|\\\\.)*)\"").matcher(row);
    if (!found.find()) {
      throw new IllegalStateException("no " + field + " in " + row);
    }
    return found.group(1);
  }

  /** The chain without one step, without two, and so on. */
  private static List<String> rows(Problem problem) {
    int steps = problem.steps().size();
    List<Integer> masks =
        IntStream.range(1, 1 << steps)
            .boxed()
            .sorted(Comparator.comparingInt((Integer mask) -> Integer.bitCount(mask)).thenComparing(Comparator.naturalOrder()))
            .limit(VARIANTS)
            .toList();
    List<String> rows = new ArrayList<>();
    for (int mask : masks) {
      StringBuilder text = new StringBuilder("Q: " + problem.question() + "\\nA: ");
      for (int step = 0; step < steps; step++) {
        if ((mask >> step & 1) == 0) {
          text.append(problem.steps().get(step)).append("\\n");
        }
      }
      rows.add("{\"id\": \"v%d\", \"text\": \"%s\"}".formatted(mask, text + "The answer is"));
    }
    return rows;
  }
}
