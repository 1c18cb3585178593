import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Step importance by resampling, whose time goes into writing chains anew, on llama.cpp as the file
 * is and on PyTorch in float32: the same file, options and cores, one after the other; see README.md.
 *
 * <p>java bench/StepsBackends.java MODEL.gguf PROBLEMS.jsonl [CHAINS [ROLLOUTS [TOKENS]]]
 */
public class StepsBackends {
  private static final Path PROGRAM = Path.of("dist/target/sonde/bin/sonde").toAbsolutePath();

  /** What a run took; processor seconds are those of the whole process. */
  record Cost(double seconds, double processor, long generated, long forward) {
    @Override
    public String toString() {
      return "%.1f s, %.1f processor seconds, %d tokens generated (%.1f a second, %.1f a processor second), %d forward"
          .formatted(seconds, processor, generated, generated / seconds, generated / processor, forward);
    }
  }

  void main(String[] arguments) throws Exception {
    Path model = Path.of(arguments[0]).toAbsolutePath();
    int chains = number(arguments, 2, 1);
    int rollouts = number(arguments, 3, 4);
    int tokens = number(arguments, 4, 64);
    Path folder = Files.createTempDirectory("steps-backends");
    Path rows = folder.resolve("rows.jsonl");
    Files.write(rows, Steps.rows(Path.of(arguments[1]), chains, 0));
    Cost[] costs = new Cost[2];
    for (int i = 0; i < 2; i++) {
      String backend = i == 0 ? "pytorch" : "llamacpp";
      costs[i] = run(folder, backend, model, rows, rollouts, tokens);
      IO.println(backend + ": " + costs[i]);
    }
    IO.println(
        "llamacpp is %.1f times as fast a token by the clock, %.1f times by processor seconds"
            .formatted(
                costs[0].seconds / costs[0].generated / (costs[1].seconds / costs[1].generated),
                costs[0].processor / costs[0].generated / (costs[1].processor / costs[1].generated)));
  }

  private static int number(String[] arguments, int at, int otherwise) {
    return arguments.length > at ? Integer.parseInt(arguments[at]) : otherwise;
  }

  private static Cost run(Path folder, String backend, Path model, Path rows, int rollouts, int tokens)
      throws Exception {
    Path run = folder.resolve("run-" + backend);
    List<String> command =
        new ArrayList<>(
            List.of(
                PROGRAM.toString(), "run", "experiments/step-importance.yaml", "--model", model.toString(),
                "--backend", backend, "--set", "data.path=" + rows, "--out", run.toString()));
    for (String setting :
        List.of(
            "answer=own", "chat=never", "tau=0", "necessity=0", "shortcuts=words", "variants=[resampling]",
            "labels_of=resampling", "rollouts=" + rollouts, "rollout_tokens=" + tokens, "probe=none", "shown=0",
            "prefix=first", "root=last_step", "queue=mean_influence", "drop_unremovable=false",
            "elicitation=\"\\n\\nSo the answer is \\\\boxed{\"", "answer_form=\"{answer}}\"", "stops=[\"}\"]",
            "answer_tokens=0")) {
      command.addAll(List.of("--set", "probes.steps.with." + setting));
    }
    Path output = folder.resolve("output");
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put("SONDE_CACHE", folder.resolve("cache-" + backend).toString());
    Process process = builder.start();
    double processor = 0;
    while (process.isAlive()) {
      processor = Math.max(processor, processorSeconds(process.pid()));
      Thread.sleep(50);
    }
    if (process.waitFor() != 0) {
      throw new IllegalStateException(Files.readString(output));
    }
    String timing = Files.readString(run.resolve("timing.json"));
    return new Cost(
        found("\"probe steps seconds\" : ([\\d.]+)", timing),
        processor,
        (long) found("cost.generated_tokens\" : ([\\d.]+)", timing),
        (long) found("cost.forward_tokens\" : ([\\d.]+)", timing));
  }

  /** User and system time of a process and of what it started and has waited for. */
  private static double processorSeconds(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      long ticks = 0;
      for (int i = 11; i <= 14; i++) {
        ticks += Long.parseLong(fields[i]);
      }
      return ticks / 100.0;
    } catch (IOException gone) {
      return 0;
    }
  }

  private static double found(String pattern, String text) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    if (!matcher.find()) {
      throw new IllegalStateException("no " + pattern + " in " + text);
    }
    return Double.parseDouble(matcher.group(1));
  }
}
