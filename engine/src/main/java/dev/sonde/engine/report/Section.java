package dev.sonde.engine.report;

import dev.sonde.api.report.Claim;
import dev.sonde.api.report.Figure;
import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Passage;
import dev.sonde.api.report.Table;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What one probe reported.
 *
 * @param name the probe's name in the experiment
 * @param plugin the plugin it comes from
 * @param status how it ended
 * @param question what the probe asks, in one sentence; empty where it says nothing
 * @param claims what its figures were asked, and the answers, those of an evaluation first
 * @param headline the figures of evaluations that their claims rest on
 * @param files what the probe wrote beside the report, by names within the run folder
 */
public record Section(
    String name,
    String plugin,
    Status status,
    String question,
    List<Claim> claims,
    List<Headline.Line> headline,
    List<Metric> metrics,
    List<Table> tables,
    List<Figure> figures,
    List<Passage> passages,
    List<String> notes,
    List<String> files) {

  /**
   * What is linked from the report has such a name, so that a report of others links nothing else.
   */
  private static final Pattern FILE =
      Pattern.compile("artifacts(/[A-Za-z0-9][A-Za-z0-9._-]*){1,3}");

  /** How a probe ended. */
  public enum Status {
    /** It finished. */
    OK,
    /** It threw; the notes say what. */
    FAILED,
    /** It was not run. */
    SKIPPED
  }

  /** A section with its lists copied. */
  public Section {
    claims = List.copyOf(claims);
    headline = List.copyOf(headline);
    metrics = List.copyOf(metrics);
    tables = List.copyOf(tables);
    figures = List.copyOf(figures);
    passages = List.copyOf(passages);
    notes = List.copyOf(notes);
    files = List.copyOf(files);
    for (String file : files) {
      if (!FILE.matcher(file).matches()) {
        throw new IllegalArgumentException("'%s' is no file of a probe".formatted(file));
      }
    }
  }
}
