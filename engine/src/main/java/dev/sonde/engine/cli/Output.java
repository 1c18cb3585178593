package dev.sonde.engine.cli;

import dev.sonde.engine.Sonde;
import dev.sonde.engine.worker.HandedOutException;
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

  /**
   * Runs into a folder and prints what the report opens with; the folder is the last line on
   * stdout.
   */
  static int finish(
      Path folder, PluginFolders plugins, Supplier<Sonde.Run> work, Terminal terminal) {
    Interruption interruption = Interruption.watch(folder, plugins, terminal);
    Sonde.Run run;
    try {
      run = work.get();
    } catch (HandedOutException e) {
      terminal.clearLine();
      terminal
          .out()
          .println(
              "%d shards are ready; compute part I of N with: sonde worker --shards I/N %s"
                  .formatted(e.shards(), e.run()));
      terminal
          .out()
          .println("then go on with: sonde resume %s%s".formatted(folder, plugins.asOptions()));
      return ExitCode.FINE;
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
      if (!summary.question().isEmpty()) {
        terminal.out().println("  " + Terminal.harmless(summary.question()));
      }
      int widest = summary.claims().stream().mapToInt(c -> c.answer().length()).max().orElse(1);
      summary.claims().forEach(claim -> claim(claim, widest, terminal));
      summary.picture().forEach(line -> terminal.out().println("  " + Terminal.harmless(line)));
      summary.notes().forEach(note -> terminal.out().println("  " + Terminal.harmless(note)));
    }
    terminal.out().println("report: " + run.folder().resolve("report.html"));
    terminal.out().println(run.folder());
    return run.complete() ? ExitCode.FINE : ExitCode.PLUGIN;
  }

  /** The answer with its question, and below them what it rests on. */
  private static void claim(Sonde.Run.Answered claim, int widest, Terminal terminal) {
    String answer = ("%-" + widest + "s").formatted(claim.answer());
    terminal
        .out()
        .println(
            "  " + terminal.styled("@|bold " + answer + "|@") + "  " + harmless(claim.question()));
    String below = " ".repeat(widest + 4);
    if (!claim.figures().isEmpty()) {
      terminal.out().println(below + harmless(claim.figures()));
    }
    terminal.out().println(below + "because " + harmless(claim.because()));
    if (!claim.needed().isEmpty()) {
      terminal.out().println(below + "to tell it takes " + harmless(claim.needed()));
    }
  }

  private static String harmless(String text) {
    return Terminal.harmless(text);
  }
}
