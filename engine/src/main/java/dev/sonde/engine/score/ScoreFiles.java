package dev.sonde.engine.score;

import dev.sonde.api.InvalidInputException;
import dev.sonde.engine.fitted.ProbeFile;
import dev.sonde.engine.host.Unwritable;
import dev.sonde.formats.WholeFile;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The files of a scoring. They appear when they are complete; nothing that is there is replaced
 * unless that is asked for.
 */
public final class ScoreFiles {
  private final ProbeScoring scoring;

  /** Files of what is scored. */
  public ScoreFiles(ProbeScoring scoring) {
    this.scoring = scoring;
  }

  /**
   * Where scores go.
   *
   * @param out a file, of comma-separated values if its name ends in {@code .csv}; empty for the
   *     writer
   * @param screen taken where there is no file
   * @param html a page with coloured tokens
   * @param overwrite whether files may be replaced
   */
  public record Places(Optional<Path> out, Writer screen, Optional<Path> html, boolean overwrite) {}

  /**
   * A calibration to make of labelled rows.
   *
   * @param card where the calibrated probe goes
   * @param curve {@code platt} or {@code isotonic}
   */
  public record Calibrate(Path card, String curve) {}

  /**
   * Scores.
   *
   * @return what the labels say, a line each
   * @throws InvalidInputException if something does not fit or cannot be written
   */
  public List<String> write(ScoreRequest request, Places places, Optional<Calibrate> calibrate) {
    List<Path> files = new ArrayList<>();
    places.out().ifPresent(files::add);
    places.html().ifPresent(files::add);
    for (Path file : files) {
      if (Files.exists(file) && !places.overwrite()) {
        throw new InvalidInputException(file + " exists already; use --overwrite");
      }
    }
    if (calibrate.isPresent() && (request.labels().isEmpty() || request.probes().size() != 1)) {
      throw new InvalidInputException(
          "--calibrate needs one probe and the labels of the rows: --label COLUMN --positive LABEL");
    }
    try {
      List<LabelledScores> labelled = new ArrayList<>();
      growing(
          places.out(),
          places.screen(),
          out ->
              growing(
                  places.html(),
                  Writer.nullWriter(),
                  page ->
                      labelled.addAll(scoring.score(request, sink(request, places, out, page)))));
      List<String> lines = new ArrayList<>();
      for (LabelledScores one : labelled) {
        lines.addAll(one.lines());
        if (calibrate.isPresent()) {
          lines.addAll(calibrated(one, calibrate.get(), request));
        }
      }
      if (labelled.size() > 1) {
        lines.addAll(LabelledScores.compared(labelled));
      }
      return lines;
    } catch (IOException e) {
      Path file = files.isEmpty() ? Path.of("") : files.getFirst();
      throw new InvalidInputException(Unwritable.message(file, e, "another file with --out"), e);
    }
  }

  private static List<String> calibrated(
      LabelledScores scores, Calibrate calibrate, ScoreRequest request) throws IOException {
    LabelledScores.Calibrated made =
        scores.calibrated(
            calibrate.curve(), String.valueOf(request.experiment().data().file().getFileName()));
    ProbeFile.write(calibrate.card(), made.probe());
    List<String> lines = new ArrayList<>(List.of("calibrated: " + calibrate.card()));
    lines.addAll(made.lines());
    return lines;
  }

  private static ScoreSink sink(ScoreRequest request, Places places, Writer out, Writer page)
      throws IOException {
    boolean csv = places.out().filter(file -> file.toString().endsWith(".csv")).isPresent();
    ScoreSink lines = new ScoreLines(out, csv, request.probes().size() > 1);
    if (places.html().isEmpty()) {
      return lines;
    }
    ScoreSink coloured = new ColouredText(page);
    return new ScoreSink() {
      @Override
      public void accept(TextScore score, String text) throws IOException {
        lines.accept(score, text);
        coloured.accept(score, text);
      }

      @Override
      public void end() throws IOException {
        lines.end();
        coloured.end();
      }
    };
  }

  /** Writes with a writer. */
  private interface Writing {
    void with(Writer out) throws IOException;
  }

  private static void growing(Optional<Path> file, Writer otherwise, Writing writing)
      throws IOException {
    if (file.isEmpty()) {
      writing.with(otherwise);
      otherwise.flush();
      return;
    }
    Path whole = file.get().toAbsolutePath();
    Files.createDirectories(whole.resolveSibling(""));
    Path growing = WholeFile.unfinished(whole);
    try {
      try (BufferedWriter out = Files.newBufferedWriter(growing)) {
        writing.with(out);
      }
      WholeFile.publish(growing, whole);
    } finally {
      Files.deleteIfExists(growing);
    }
  }
}
