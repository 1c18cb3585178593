package dev.sonde.spark;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.SondeException;
import dev.sonde.engine.Sonde;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * {@code sonde spark}: runs or resumes an experiment whose shards Spark's executors compute.
 * Options as those of {@code sonde run}; in addition where Spark is and where Sonde is on
 * executors.
 */
public final class SparkProgram {
  private static final String USAGE =
      """
      Usage: sonde spark [--master URL] [--conf KEY=VALUE]… [--home DIR] [--same-processors]
                         [--set KEY=VALUE]… [--plugin-dir DIR]… [--overwrite] --out DIR FILE.yaml
             sonde spark [--master URL] [--conf KEY=VALUE]… [--home DIR] [--plugin-dir DIR]… --resume RUN
      """;

  private static final int BUG = 1;
  private static final int INPUT = 2;
  private static final int PLUGIN = 3;

  private SparkProgram() {}

  /** Runs and exits with the codes of {@code sonde run}. */
  public static void main(String[] arguments) {
    System.exit(run(arguments, System.out, System.err));
  }

  private static int run(String[] arguments, PrintStream out, PrintStream err) {
    try {
      Options options = Options.of(arguments);
      Sonde.Run run = run(options, err);
      out.println(run.folder());
      return run.complete() ? 0 : PLUGIN;
    } catch (InvalidInputException e) {
      err.println("error: " + e.getMessage());
      return INPUT;
    } catch (SondeException e) {
      err.println("error: " + e.getMessage());
      return PLUGIN;
    } catch (Exception e) { // Spark throws checked exceptions that it does not declare
      err.println(
          e instanceof SparkException
              ? "error: Spark cannot be used: " + e.getMessage()
              : "error: this is a bug in Sonde, or Spark cannot be used: " + e);
      return e instanceof SparkException ? INPUT : BUG;
    }
  }

  private static Sonde.Run run(Options options, PrintStream err) {
    Path home = Path.of(System.getProperty("sonde.home", ".")).toAbsolutePath().normalize();
    SparkConf conf = options.conf();
    try (Sonde sonde = Sonde.open(home, System.getenv(), options.plugins(), listener(err));
        JavaSparkContext spark = new JavaSparkContext(conf)) {
      SparkCarrier carrier =
          new SparkCarrier(
              spark, options.home().orElse(home.toString()), conf.getInt("spark.task.cpus", 1));
      Sonde onSpark = sonde.withWorkers(carrier, options.sameProcessors());
      return options.resume().isPresent()
          ? onSpark.resume(options.resume().get())
          : onSpark.run(
              options.experiment(), options.settings(), options.out(), options.overwrite());
    }
  }

  private static Sonde.Listener listener(PrintStream err) {
    return new Sonde.Listener() {
      private String work = "";

      @Override
      public void progress(String what, long done, long total) {
        if (!what.equals(work)) {
          work = what;
          err.println(what);
        }
      }

      @Override
      public void warning(String text) {
        err.println("warning: " + text);
      }
    };
  }

  /**
   * The command line.
   *
   * @param named options that are given once, by name
   * @param repeated those that may be given more often
   * @param flags those without a value
   * @param files what is no option
   */
  private record Options(
      Map<String, String> named,
      Map<String, List<String>> repeated,
      List<String> flags,
      List<Path> files) {
    private static final List<String> ONCE = List.of("--master", "--home", "--out", "--resume");
    private static final List<String> OFTEN = List.of("--conf", "--set", "--plugin-dir");
    private static final List<String> FLAGS = List.of("--overwrite", "--same-processors");

    static Options of(String[] arguments) {
      Options options =
          new Options(
              new LinkedHashMap<>(), new LinkedHashMap<>(), new ArrayList<>(), new ArrayList<>());
      for (int i = 0; i < arguments.length; i++) {
        String name = arguments[i];
        if (FLAGS.contains(name)) {
          options.flags.add(name);
        } else if (ONCE.contains(name) || OFTEN.contains(name)) {
          if (++i == arguments.length) {
            throw new InvalidInputException(name + " wants a value\n" + USAGE);
          }
          if (ONCE.contains(name)) {
            options.named.put(name, arguments[i]);
          } else {
            options.repeated.computeIfAbsent(name, n -> new ArrayList<>()).add(arguments[i]);
          }
        } else if (name.startsWith("-")) {
          throw new InvalidInputException("there is no option " + name + "\n" + USAGE);
        } else {
          options.files.add(Path.of(name));
        }
      }
      boolean resumes = options.resume().isPresent();
      if (options.files.size() != (resumes ? 0 : 1)
          || resumes == options.named.containsKey("--out")) {
        throw new InvalidInputException("name an experiment and --out, or --resume\n" + USAGE);
      }
      return options;
    }

    private List<String> all(String name) {
      return repeated.getOrDefault(name, List.of());
    }

    Path experiment() {
      return files.getFirst();
    }

    Path out() {
      return Path.of(named.getOrDefault("--out", ""));
    }

    Optional<Path> resume() {
      return Optional.ofNullable(named.get("--resume")).map(Path::of);
    }

    Optional<String> home() {
      return Optional.ofNullable(named.get("--home"));
    }

    List<String> settings() {
      return all("--set");
    }

    List<Path> plugins() {
      return all("--plugin-dir").stream().map(Path::of).toList();
    }

    boolean overwrite() {
      return flags.contains("--overwrite");
    }

    boolean sameProcessors() {
      return flags.contains("--same-processors");
    }

    /** What spark-submit said, then the options, then what suits. */
    SparkConf conf() {
      SparkConf conf = new SparkConf().setIfMissing("spark.app.name", "sonde");
      Optional.ofNullable(named.get("--master")).ifPresent(conf::setMaster);
      for (String setting : all("--conf")) {
        int equals = setting.indexOf('=');
        if (equals < 1) {
          throw new InvalidInputException("--conf %s: write KEY=VALUE".formatted(setting));
        }
        conf.set(setting.substring(0, equals), setting.substring(equals + 1));
      }
      conf.setIfMissing(
          "spark.master", "local[%d]".formatted(Runtime.getRuntime().availableProcessors()));
      // Spark tries a task once where it is all in one process, unless it is told otherwise.
      String master = conf.get("spark.master");
      if (master.matches("local\\[[0-9*]+]")) {
        conf.setMaster(master.replace("]", ",4]"));
      }
      conf.setIfMissing("spark.ui.enabled", "false");
      conf.setIfMissing("spark.log.level", "WARN");
      conf.setJars(JavaSparkContext.jarOfClass(SparkProgram.class));
      return conf;
    }
  }
}
