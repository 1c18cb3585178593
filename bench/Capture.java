import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The last token's residual stream at every layer, by Sonde and by Python tools, in one go:
 * {@code java bench/Capture.java MODEL.gguf ROWS.jsonl PYTHON}. See README.md.
 */
public final class Capture {
  private static final Path ROOT = Path.of("").toAbsolutePath();
  private static final Path SONDE = ROOT.resolve("dist/target/sonde/bin/sonde");
  private static final Path PEERS = ROOT.resolve("bench/peers.py");
  private static final int ROWS = 200;
  private static final int REPEATS = 2;
  private static final List<String> PEER_METHODS =
      List.of(
          "hf-eager-4", "hf-sdpa-sorted-32", "hf-sdpa-budget", "transformer-lens", "nnsight");

  private final Path folder;
  private final Path model;
  private final String python;
  private final Path rows;
  private final Path one;
  private double tokens;

  private Capture(Path folder, Path gguf, Path data, String python) throws Exception {
    this.folder = folder;
    this.python = python;
    this.model = folder.resolve("model");
    this.rows = folder.resolve("rows.jsonl");
    this.one = folder.resolve("one.jsonl");
    run(List.of(SONDE.toString(), "convert", gguf.toString(), "--out", model.toString()));
    Pattern id = Pattern.compile("\"id\": \"([^\"]*)\"");
    List<String> first =
        Files.readAllLines(data).stream().sorted((a, b) -> id(id, a).compareTo(id(id, b))).limit(ROWS).toList();
    Files.write(rows, first);
    Files.writeString(one, "{\"id\": \"one\", \"text\": \"A single row.\"}\n");
  }

  private static String id(Pattern pattern, String line) {
    Matcher found = pattern.matcher(line);
    return found.find() ? found.group(1) : "";
  }

  public static void main(String[] args) throws Exception {
    Path folder = Files.createTempDirectory("sonde-bench");
    new Capture(folder, Path.of(args[0]), Path.of(args[1]), args[2]).measure();
  }

  private void measure() throws Exception {
    double flopsPerToken = 2 * parameters();
    Map<String, double[]> best = new LinkedHashMap<>();
    double peak = 0;
    for (int round = 0; round < REPEATS; round++) {
      peak = Math.max(peak, number(peer("gemm-peak"), "flops"));
      keepBest(best, "sonde", sonde());
      for (String method : PEER_METHODS) {
        String line = peer(method);
        if (!line.isEmpty()) {
          tokens = number(line, "tokens");
          keepBest(best, method, new double[] {number(line, "seconds"), number(line, "peak_mib")});
        }
      }
    }
    System.out.printf("float32 GEMM peak of this run: %.0f GFLOP/s; %d rows, %.0f tokens%n%n", peak / 1e9, ROWS, tokens);
    System.out.println("| tool | seconds | tokens/s | share of peak | peak MiB | times Sonde's |");
    System.out.println("|---|---|---|---|---|---|");
    double ours = best.get("sonde")[0];
    for (var entry : best.entrySet()) {
      double seconds = entry.getValue()[0];
      System.out.printf(
          "| %s | %.2f | %.0f | %.0f %% | %.0f | %.2f |%n",
          entry.getKey(),
          seconds,
          tokens / seconds,
          100 * flopsPerToken * tokens / seconds / peak,
          entry.getValue()[1],
          seconds / ours);
    }
  }

  private static void keepBest(Map<String, double[]> best, String what, double[] figures) {
    best.merge(what, figures, (a, b) -> a[0] <= b[0] ? a : b);
  }

  /** The work itself: a capture of all rows less a capture of one. */
  private double[] sonde() throws Exception {
    Sonde sonde = new Sonde(Files.createTempDirectory(folder, "sonde"), model);
    double start = sonde.capture(one, List.of()).seconds();
    Sonde.Cost all = sonde.capture(rows, List.of());
    return new double[] {all.seconds() - start, all.mebibytes()};
  }

  private String peer(String method) throws Exception {
    try {
      return run(List.of(python, PEERS.toString(), method, model.toString(), rows.toString()));
    } catch (IllegalStateException e) {
      System.err.printf("%s cannot be measured here: %s%n", method, lastLine(e.getMessage()));
      return "";
    }
  }

  private static String lastLine(String text) {
    String[] lines = text.strip().split("\n");
    return lines[lines.length - 1];
  }

  private String run(List<String> command) throws Exception {
    Path errors = folder.resolve("errors");
    Process process = new ProcessBuilder(new ArrayList<>(command)).redirectError(errors.toFile()).start();
    String output = new String(process.getInputStream().readAllBytes()).strip();
    if (process.waitFor() != 0) {
      throw new IllegalStateException(command + ":\n" + Files.readString(errors));
    }
    String[] lines = output.split("\n");
    return lines[lines.length - 1];
  }

  private static double number(String json, String key) {
    Matcher found = Pattern.compile("\"" + key + "\": ?([0-9.eE+]+)").matcher(json);
    if (!found.find()) {
      throw new IllegalStateException("no " + key + " in " + json);
    }
    return Double.parseDouble(found.group(1));
  }

  /** Weights but for the embedding, from config.json. */
  private double parameters() throws IOException {
    String config = Files.readString(model.resolve("config.json"));
    double width = number(config, "hidden_size");
    double inner = number(config, "intermediate_size");
    double layers = number(config, "num_hidden_layers");
    double heads = number(config, "num_attention_heads");
    double keys = number(config, "num_key_value_heads") / heads * width;
    return layers * (2 * width * width + 2 * width * keys + 3 * width * inner);
  }
}
