import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * EK-FAC influence of 16 texts of 128 tokens on 4 queries, stage by stage, beside kronfluence; see
 * README.md.
 *
 * <p>java bench/Influence.java MODEL.gguf ROWS.jsonl COLUMN PYTHON [LAYERS]
 */
public class Influence {
  private static final Path PROGRAM = Path.of("dist/target/sonde/bin/sonde").toAbsolutePath();
  private static final List<String> STAGES = List.of("covariance", "eigenbasis", "lambda", "scores");

  void main(String[] arguments) throws Exception {
    String model = Path.of(arguments[0]).toAbsolutePath().toString();
    String python = arguments[3];
    String layers = arguments.length > 4 ? arguments[4] : "0,14,29";
    Path folder = Files.createTempDirectory("influence");
    Path converted = folder.resolve("model");
    said(folder, List.of(PROGRAM.toString(), "convert", model, "--out", converted.toString()));
    String peer = "bench/influence_kronfluence.py";
    said(folder, List.of(python, peer, "texts", converted.toString(), arguments[1], arguments[2], folder.toString()));
    Ran kronfluence = said(folder, List.of(python, peer, "run", converted.toString(), folder.toString(), layers));
    Path run = folder.resolve("run");
    Path queries = folder.resolve("queries.jsonl");
    List<String> command =
        new ArrayList<>(
            List.of(
                PROGRAM.toString(), "run", "experiments/influence.yaml", "--model", converted.toString(), "--out", run.toString(),
                "--set", "data.path=" + queries, "--set", "sets.queries.path=" + queries,
                "--set", "sets.documents.path=" + folder.resolve("documents.jsonl")));
    for (String setting :
        List.of(
            "layers=[" + layers + "]", "strategies=[ekfac]", "damping=[0.1]", "keep=[]", "end_token=false", "bm25=false", "similarity=false", "full_scores=true",
            "show=0", "factors=true")) {
      command.addAll(List.of("--set", "probes.influence.with." + setting));
    }
    Ran sonde = said(folder, command);
    String timing = Files.readString(run.resolve("timing.json"));
    double ours = 0;
    double theirs = 0;
    for (String stage : STAGES) {
      double own = number("\"cost." + stage + "_milliseconds\" : (\\d+)", timing) / 1000;
      double other = number("\"" + stage + "\": ([\\d.]+)", kronfluence.output);
      ours += own;
      theirs += other;
      say("%-11s sonde %6.1f s  kronfluence %6.1f s  %.2f times as fast", stage, own, other, other / own);
    }
    say("%-11s sonde %6.1f s  kronfluence %6.1f s  %.2f times as fast", "all", ours, theirs, theirs / ours);
    double peak = number("\"flops\": ([\\d.]+)", said(folder, List.of(python, "bench/peers.py", "gemm-peak", "-", "-")).output);
    double rate =
        number("\"cost.product_megaflop\" : (\\d+)", timing) * 1e9 / number("\"cost.product_milliseconds\" : (\\d+)", timing);
    say("products    sonde %.0f GFLOP/s, %.0f %% of the GEMM peak of this run", rate / 1e9, 100 * rate / peak);
    say("peak memory sonde %6.0f MiB  kronfluence %.0f MiB", sonde.mebibytes, number("\"mebibytes\": (\\d+)", kronfluence.output));
  }

  private static void say(String line, Object... values) {
    IO.println(String.format(Locale.ROOT, line, values));
  }

  private static double number(String pattern, String text) {
    Matcher found = Pattern.compile(pattern).matcher(text);
    if (!found.find()) {
      throw new IllegalStateException("no " + pattern + " in " + text);
    }
    return Double.parseDouble(found.group(1));
  }

  /** What a process said and how much memory it took at most. */
  private record Ran(String output, double mebibytes) {}

  private static Ran said(Path folder, List<String> command) throws Exception {
    Path output = folder.resolve("output");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("SONDE_CACHE", folder.resolve("cache").toString());
    Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    Path status = Path.of("/proc/" + process.pid() + "/status");
    long peak = 0;
    while (process.isAlive()) {
      try {
        for (String line : Files.readAllLines(status)) {
          if (line.startsWith("VmHWM")) {
            peak = Math.max(peak, Long.parseLong(line.replaceAll("\\D", "")));
          }
        }
      } catch (java.io.IOException gone) {
        break;
      }
      Thread.sleep(20);
    }
    String text = Files.readString(output);
    if (process.waitFor() != 0) {
      throw new IllegalStateException(command + "\n" + text);
    }
    return new Ran(text, peak / 1024.0);
  }
}
