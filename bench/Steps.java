import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The search for the core of chains of thought, and the same subsequences in a straight loop over Hugging Face's
 * generate; see README.md.
 *
 * <p>java bench/Steps.java MODEL_FOLDER PROBLEMS.jsonl PYTHON [CHAINS [PASSED_OVER]]
 */
public class Steps {
  /** Half of the paper's: more chains of a small model reach the search. */
  private static final String TAU = "0.4";

  private static final int SAMPLES = 5;

  /** Clock ticks of /proc a second. */
  private static final double TICKS = 100;

  private static final Path PROGRAM = Path.of("dist/target/sonde/bin/sonde").toAbsolutePath();

  private record Said(String output, double processorSeconds) {}

  void main(String[] arguments) throws Exception {
    String model = Path.of(arguments[0]).toAbsolutePath().toString();
    int chains = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 8;
    int passedOver = arguments.length > 4 ? Integer.parseInt(arguments[4]) : 0;
    Path folder = Files.createTempDirectory("steps");
    Path rows = folder.resolve("rows.jsonl");
    Files.write(rows, rows(Path.of(arguments[1]), chains, passedOver));
    Path run = folder.resolve("run");
    Said sonde = said(folder, command(model, rows, chains, run));
    Path tests = run.resolve("artifacts/steps.tests.jsonl");
    Path labels = run.resolve("artifacts/steps.labels.jsonl");
    Said loop =
        said(
            folder,
            List.of(
                arguments[2], "bench/steps_loop.py", model, labels.toString(), tests.toString(),
                String.valueOf(SAMPLES)));
    IO.println("straight loop: " + loop.output().strip());
    IO.println("sonde: " + Files.readString(run.resolve("timing.json")));
    double subsequences = number("\"subsequences\": ([\\d.]+)", loop.output());
    double straight = number("\"processor_seconds\": ([\\d.]+)", loop.output());
    IO.println(
        String.format(
            Locale.ROOT,
            "%.0f subsequences of %d chains; processor seconds each: straight %.3f (without loading the model), sonde %.3f (the whole process); %.1f times",
            subsequences, Files.readAllLines(labels).size(), straight / subsequences,
            sonde.processorSeconds() / subsequences, straight / sonde.processorSeconds()));
  }

  private static List<String> command(String model, Path rows, int chains, Path run) {
    List<String> command =
        new ArrayList<>(
            List.of(
                PROGRAM.toString(), "run", "experiments/step-importance-paper.yaml", "--model", model,
                "--set", "model.with.threads=1", "--set", "data.path=" + rows, "--out", run.toString()));
    for (String setting :
        List.of(
            "answer=own", "parser=numeric", "chat=never", "tau=" + TAU, "necessity=0", "shortcuts=words",
            "variants=[activation]",
            "samples=" + SAMPLES, "probe=none", "shown=0", "cohort=" + chains, "separator=\" \"",
            "elicitation=\"\\n\\nSo the answer is \\\\boxed{\"")) {
      command.addAll(List.of("--set", "probes.steps.with." + setting));
    }
    return command;
  }

  /** Problems whose solution, a line a step, has at least four steps. */
  static List<String> rows(Path problems, int count, int passedOver) throws Exception {
    Pattern field = Pattern.compile("\"solution\": \"((?:[^\"\\\\]|\\\\.)*)\"");
    List<String> rows = new ArrayList<>();
    for (String line : Files.readAllLines(problems)) {
      Matcher solution = field.matcher(line);
      if (solution.find()) {
        String[] steps = solution.group(1).replaceAll("<<[^>]*>>", "").split("\\\\n");
        if (steps.length >= 4) {
          String list = "[\"" + String.join("\", \"", steps) + "\"]";
          rows.add(line.substring(0, line.lastIndexOf('}')) + ", \"steps\": " + list + "}");
        }
      }
    }
    return rows.subList(passedOver, Math.min(passedOver + count, rows.size()));
  }

  private static Said said(Path folder, List<String> command) throws Exception {
    Path output = folder.resolve("output");
    Path errors = folder.resolve("errors");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(errors.toFile());
    builder.environment().put("OMP_NUM_THREADS", "1");
    builder.environment().put("OMP_WAIT_POLICY", "PASSIVE");
    Process process = builder.start();
    double seconds = 0;
    while (process.isAlive()) {
      seconds = Math.max(seconds, processorSeconds(process.pid()));
      Thread.sleep(20);
    }
    if (process.exitValue() != 0) {
      throw new IllegalStateException(Files.readString(errors) + Files.readString(output));
    }
    return new Said(Files.readString(output), seconds);
  }

  /** What a process took so far, by the operating system; 0 where it has ended. */
  private static double processorSeconds(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS;
    } catch (Exception e) {
      return 0;
    }
  }

  private static double number(String pattern, String text) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    if (!matcher.find()) {
      throw new IllegalStateException("no " + pattern + " in " + text);
    }
    return Double.parseDouble(matcher.group(1));
  }
}
