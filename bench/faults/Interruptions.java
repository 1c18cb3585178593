import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** Runs that are ended at some moment, and gone on with. */
final class Interruptions {
  private Interruptions() {}

  /** Killed without a chance to say anything, then resumed: the same bytes as a run that was left alone. */
  static String killed(Runs runs, String experiment, int number) throws Exception {
    Path whole = runs.undisturbed(experiment);
    Path store = runs.fresh("store");
    Path out = runs.fresh("interrupted");
    Process process = runs.start(store, runs.command(experiment, out));
    if (process.waitFor(moment(runs, experiment, number), TimeUnit.MILLISECONDS)) {
      return Runs.difference(whole, out); // faster than the run it was timed by
    }
    process.destroyForcibly().waitFor();
    return goneOn(runs, experiment, whole, store, out);
  }

  /** Told to end, by either signal: the documented exit code within ten seconds, then resumed to the same bytes. */
  static String signalled(Runs runs, String experiment, int number) throws Exception {
    Path whole = runs.undisturbed(experiment);
    Path store = runs.fresh("store");
    Path out = runs.fresh("interrupted");
    boolean interrupt = number % 2 == 1;
    Process process = runs.start(store, runs.command(experiment, out));
    if (process.waitFor(moment(runs, experiment, number), TimeUnit.MILLISECONDS)) {
      return Runs.difference(whole, out);
    }
    new ProcessBuilder("kill", interrupt ? "-INT" : "-TERM", String.valueOf(process.pid())).start().waitFor();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
      return "did not end within 30 s of a signal";
    }
    Runs.Ended ended = runs.end(process);
    int expected = interrupt ? 130 : 143;
    if (ended.code() != expected && ended.code() != 0) {
      return "exit code %d instead of %d: %s".formatted(ended.code(), expected, ended.err());
    }
    boolean begun = Files.exists(out.resolve("experiment.yaml"));
    if (ended.err().contains("sonde resume") && !begun) {
      return "says how to resume what was not begun: " + ended.err();
    }
    return goneOn(runs, experiment, whole, store, out);
  }

  private static String goneOn(Runs runs, String experiment, Path whole, Path store, Path out) throws Exception {
    boolean begun = Files.exists(out.resolve("experiment.yaml"));
    Runs.Ended resumed =
        runs.run(store, begun ? List.of("resume", out.toString()) : overwriting(runs, experiment, out));
    return resumed.code() != 0 ? "not resumed: " + resumed.err() : Runs.difference(whole, out);
  }

  private static List<String> overwriting(Runs runs, String experiment, Path out) {
    List<String> command = runs.command(experiment, out);
    command.add("--overwrite");
    return command;
  }

  private static long moment(Runs runs, String experiment, int number) {
    return (long) (1000 * runs.seconds(experiment) * new SplittableRandom(number).nextDouble());
  }
}
