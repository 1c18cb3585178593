package dev.sonde.engine.cli;

import dev.sonde.engine.Sonde;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say where a run goes, and the lines with which it ends. */
final class Output {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "The run folder. Default: runs/NAME-TIME in the current folder.")
  private @Nullable Path out;

  @Option(names = "--overwrite", description = "Remove an earlier run in the run folder.")
  private boolean overwrite;

  Output() {}

  Path folder(String name) {
    return Optional.ofNullable(out)
        .orElseGet(() -> Path.of("runs", name + "-" + TIME.format(Instant.now())));
  }

  boolean overwrite() {
    return overwrite;
  }

  /** Runs into a folder and prints the short table; the folder is the last line on stdout. */
  static int finish(
      Path folder, PluginFolders plugins, Supplier<Sonde.Run> work, Terminal terminal) {
    Interruption interruption = Interruption.watch(folder, plugins, terminal);
    Sonde.Run run;
    try {
      run = work.get();
    } finally {
      interruption.over();
    }
    terminal.clearLine();
    for (Sonde.Run.Summary summary : run.summaries()) {
      terminal
          .out()
          .println(
              terminal.styled("@|bold " + summary.probe() + "|@")
                  + " (%s, %s)".formatted(summary.plugin(), summary.status()));
      int what = width(summary, 0);
      int value = width(summary, 1);
      summary
          .lines()
          .forEach(
              line ->
                  terminal
                      .out()
                      .printf(
                          "  %-" + what + "s  %-" + value + "s  %s%n",
                          Terminal.harmless(line.get(0)),
                          Terminal.harmless(line.get(1)),
                          Terminal.harmless(line.get(2))));
      summary.notes().forEach(note -> terminal.out().println("  " + Terminal.harmless(note)));
    }
    terminal.out().println("report: " + run.folder().resolve("report.html"));
    terminal.out().println(run.folder());
    return run.complete() ? ExitCode.FINE : ExitCode.PLUGIN;
  }

  private static int width(Sonde.Run.Summary summary, int column) {
    return summary.lines().stream().mapToInt(l -> l.get(column).length()).max().orElse(1);
  }
}
