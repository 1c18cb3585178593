import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The search for the core of chains of thought, beside the same search as a straight loop over
 * Hugging Face's generate; see README.md.
 *
 * <p>java bench/Steps.java MODEL.gguf PROBLEMS.jsonl PYTHON [CHAINS]
 */
public class Steps {
  /** Half of the paper's: more chains of a small model reach the search. */
  private static final String TAU = "0.4";

  private static final Path PROGRAM = Path.of("dist/target/sonde/bin/sonde").toAbsolutePath();

  void main(String[] arguments) throws Exception {
    Path model = Path.of(arguments[0]).toAbsolutePath();
    String python = arguments[2];
    int chains = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 3;
    Path folder = Files.createTempDirectory("steps");
    Path rows = folder.resolve("rows.jsonl");
    Files.write(rows, rows(Path.of(arguments[1]), chains));
    Path converted = folder.resolve("model");
    said(folder, List.of(PROGRAM.toString(), "convert", model.toString(), "--out", converted.toString()));
    String loop = said(folder, List.of(python, "bench/steps_loop.py", converted.toString(), rows.toString(), TAU));
    IO.println("straight loop: " + loop.lines().reduce("", (before, line) -> line));
    Path run = folder.resolve("run");
    List<String> command =
        new ArrayList<>(
            List.of(
                PROGRAM.toString(), "run", "experiments/step-importance.yaml", "--model", model.toString(),
                "--set", "data.path=" + rows, "--out", run.toString()));
    for (String setting :
        List.of(
            "answer=own", "chat=never", "tau=" + TAU, "necessity=0", "variants=[activation]", "labels_of=activation",
            "probe=none", "shown=0", "prefix=first", "root=last_step", "queue=mean_influence", "cohort=" + chains,
            "elicitation=\"\\n\\nSo the answer is \\\\boxed{\"", "answer_form=\"{answer}}\"", "stops=[\"}\"]",
            "answer_tokens=0")) {
      command.addAll(List.of("--set", "probes.steps.with." + setting));
    }
    said(folder, command);
    IO.println("sonde: " + Files.readString(run.resolve("timing.json")));
    IO.println(number("\"seconds\": ([\\d.]+)", loop) / number("\"probe steps seconds\" : ([\\d.]+)", Files.readString(run.resolve("timing.json"))) + " times as fast");
  }

  /** Problems whose solution, a line a step, has at least four steps. */
  static List<String> rows(Path problems, int count) throws Exception {
    Pattern field = Pattern.compile("\"solution\": \"((?:[^\"\\\\]|\\\\.)*)\"");
    List<String> rows = new ArrayList<>();
    for (String line : Files.readAllLines(problems)) {
      Matcher solution = field.matcher(line);
      if (rows.size() < count && solution.find()) {
        String[] steps = solution.group(1).replaceAll("<<[^>]*>>", "").split("\\\\n");
        if (steps.length >= 4) {
          String list = "[\"" + String.join("\", \"", steps) + "\"]";
          rows.add(line.substring(0, line.lastIndexOf('}')) + ", \"steps\": " + list + "}");
        }
      }
    }
    return rows;
  }

  private static String said(Path folder, List<String> command) throws Exception {
    Path output = folder.resolve("output");
    Path errors = folder.resolve("errors");
    Process process =
        new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(errors.toFile()).start();
    if (process.waitFor() != 0) {
      throw new IllegalStateException(Files.readString(errors));
    }
    return Files.readString(output);
  }

  private static double number(String pattern, String text) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    if (!matcher.find()) {
      throw new IllegalStateException("no " + pattern + " in " + text);
    }
    return Double.parseDouble(matcher.group(1));
  }
}
