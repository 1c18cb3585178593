package dev.sonde.engine.report;

import java.util.List;
import java.util.Map;

/**
 * The report of a run. It holds nothing that differs between two runs of the same experiment; wall
 * times are elsewhere.
 *
 * @param run what was run: name, seed, model, data, versions
 * @param sections one per probe
 */
public record RunReport(Map<String, Object> run, List<Section> sections) {
  /** A report with its list copied. */
  public RunReport {
    sections = List.copyOf(sections);
  }
}
