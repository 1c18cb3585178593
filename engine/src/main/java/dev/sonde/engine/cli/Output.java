package dev.sonde.engine.cli;

import dev.sonde.engine.Sonde;
import dev.sonde.engine.worker.HandedOutException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
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

  @Mixin private JsonOutput json = new JsonOutput();

  Output() {}

  Path folder(String name) {
    return Optional.ofNullable(out)
        .orElseGet(() -> Path.of("runs", name + "-" + TIME.format(Instant.now())));
  }

  boolean overwrite() {
    return overwrite;
  }

  JsonOutput json() {
    return json;
  }

  /**
   * Runs into a folder and prints what the report opens with; the folder is the last line on
   * stdout.
   */
  static int finish(
      Path folder,
      PluginFolders plugins,
      JsonOutput json,
      Supplier<Sonde.Run> work,
      Terminal terminal) {
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
    int code = run.complete() ? ExitCode.FINE : ExitCode.PLUGIN;
    if (json.asked()) {
      JsonOutput.print(plain(run), terminal);
      return code;
    }
    for (Sonde.Run.Summary summary : run.summaries()) {
      terminal
          .out()
          .println(
              terminal.styled("@|bold " + summary.probe() + "|@")
                  + " (%s, %s)".formatted(summary.plugin(), summary.status()));
      if (!summary.question().isEmpty()) {
        terminal.paragraph("  " + summary.question(), 2);
      }
      int widest = summary.claims().stream().mapToInt(c -> c.answer().length()).max().orElse(1);
      summary.claims().forEach(claim -> claim(claim, widest, terminal));
      summary.picture().forEach(line -> terminal.paragraph("  " + line, 2));
      summary.notes().forEach(note -> terminal.paragraph("  " + note, 4));
      if (!summary.files().isEmpty()) {
        terminal.paragraph("  wrote " + String.join(", ", summary.files()), 4);
      }
    }
    terminal.out().println("report: " + run.folder().resolve("report.html"));
    terminal.out().println(run.folder());
    return code;
  }

  /** The answer with its question, and below them what it rests on. */
  private static void claim(Sonde.Run.Answered claim, int widest, Terminal terminal) {
    int column = widest + 4;
    String answer = ("  %-" + widest + "s").formatted(claim.answer());
    terminal.labelled(answer, claim.question(), column);
    String below = " ".repeat(column);
    if (!claim.figures().isEmpty()) {
      terminal.paragraph(below + claim.figures(), column);
    }
    terminal.paragraph(below + "because " + claim.because(), column);
    if (!claim.needed().isEmpty()) {
      terminal.paragraph(below + "to tell it takes " + claim.needed(), column);
    }
  }

  /** What a run came to, for programs. */
  private static Map<String, Object> plain(Sonde.Run run) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("folder", run.folder().toString());
    map.put("report", run.folder().resolve("report.json").toString());
    map.put("complete", run.complete());
    map.put("probes", run.summaries().stream().map(Output::plain).toList());
    return map;
  }

  private static Map<String, Object> plain(Sonde.Run.Summary summary) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", summary.probe());
    map.put("plugin", summary.plugin());
    map.put("status", summary.status());
    map.put("question", summary.question());
    map.put("claims", summary.claims().stream().map(Output::plain).toList());
    map.put("notes", summary.notes());
    map.put("files", summary.files());
    return map;
  }

  private static Map<String, Object> plain(Sonde.Run.Answered claim) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("question", claim.question());
    map.put("answer", claim.answer());
    map.put("figures", claim.figures());
    map.put("because", claim.because());
    map.put("needed", claim.needed());
    return map;
  }
}
