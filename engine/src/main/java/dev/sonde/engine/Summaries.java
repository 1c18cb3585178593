package dev.sonde.engine;

import dev.sonde.engine.report.Opening;
import dev.sonde.engine.report.Picture;
import dev.sonde.engine.report.RunReport;
import dev.sonde.engine.report.Section;
import java.util.List;
import java.util.Locale;

/** What the sections of a report open with, as programs are told it. */
final class Summaries {
  private Summaries() {}

  static List<Sonde.Run.Summary> of(RunReport report) {
    return report.sections().stream().map(Summaries::of).toList();
  }

  private static Sonde.Run.Summary of(Section section) {
    Opening opening = Opening.of(section);
    return new Sonde.Run.Summary(
        section.name(),
        section.plugin(),
        section.status().name().toLowerCase(Locale.ROOT),
        opening.question(),
        opening.lines().stream()
            .map(
                line ->
                    new Sonde.Run.Answered(
                        line.answer().word(),
                        line.question(),
                        line.figures(),
                        line.because(),
                        line.needed()))
            .toList(),
        opening.picture().map(Picture::text).orElse(List.of()),
        section.notes(),
        section.files());
  }
}
