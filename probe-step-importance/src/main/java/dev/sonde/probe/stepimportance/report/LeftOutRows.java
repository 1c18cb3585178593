package dev.sonde.probe.stepimportance.report;

import dev.sonde.api.data.Study;
import dev.sonde.api.report.Report;
import dev.sonde.api.report.Table;
import dev.sonde.probe.stepimportance.chain.LeftOut;
import dev.sonde.probe.stepimportance.chain.SkipReason;
import dev.sonde.probe.stepimportance.cohort.RowOutcome;
import dev.sonde.trials.ArtifactJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Which rows were not searched, why, what was measured of them, and what can be done. */
public final class LeftOutRows {
  /** Rows that the table shows; the artifact has all of them. */
  private static final int SHOWN = 100;

  /** Ids of a reason that a note names. */
  private static final int NAMED = 5;

  private static final int LONGEST_ANSWER = 60;

  private final Study study;
  private final List<RowOutcome> outcomes;

  /** The rows of a study. */
  public LeftOutRows(Study study, List<RowOutcome> outcomes) {
    this.study = study;
    this.outcomes = outcomes.stream().filter(each -> each.found().left().isPresent()).toList();
  }

  /** Adds the table and, per reason, a note with the remedy. */
  public void report(Report report) {
    if (outcomes.isEmpty()) {
      return;
    }
    Map<SkipReason, List<String>> ids = new LinkedHashMap<>();
    List<List<Object>> rows = new ArrayList<>();
    for (RowOutcome outcome : outcomes) {
      LeftOut left = outcome.found().left().orElseThrow();
      ids.computeIfAbsent(left.reason(), reason -> new ArrayList<>()).add(id(outcome));
      if (rows.size() < SHOWN) {
        rows.add(
            List.of(
                id(outcome), left.reason().toString(), left.measured(), answers(left.answers())));
      }
    }
    ids.forEach((reason, of) -> report.note(note(reason, of)));
    report.table(
        Table.of(
            "left-out",
            "Rows that were not searched"
                + (outcomes.size() > SHOWN ? " (the first %d)".formatted(SHOWN) : ""),
            List.of("row", "reason", "measured", "the model's answers"),
            rows));
  }

  private String id(RowOutcome outcome) {
    return study.examples().get(outcome.row()).id();
  }

  private static String note(SkipReason reason, List<String> ids) {
    String more = ids.size() > NAMED ? " and %d more".formatted(ids.size() - NAMED) : "";
    return "%s: %s%s. What helps: %s."
        .formatted(
            reason.text().substring(0, 1).toUpperCase(Locale.ROOT) + reason.text().substring(1),
            String.join(", ", ids.subList(0, Math.min(NAMED, ids.size()))),
            more,
            reason.remedy());
  }

  /** Each answer once, with how often it was given. */
  private static String answers(List<String> texts) {
    Map<String, Long> counts =
        texts.stream()
            .map(LeftOutRows::oneLine)
            .collect(Collectors.groupingBy(t -> t, LinkedHashMap::new, Collectors.counting()));
    return counts.entrySet().stream()
        .map(each -> each.getValue() > 1 ? each.getKey() + " ×" + each.getValue() : each.getKey())
        .collect(Collectors.joining(" | "));
  }

  private static String oneLine(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    return line.length() > LONGEST_ANSWER ? line.substring(0, LONGEST_ANSWER) + "…" : line;
  }

  /** A JSON line per row: id, reason, what was measured, the answers as they were written. */
  public String lines() {
    StringBuilder lines = new StringBuilder();
    for (RowOutcome outcome : outcomes) {
      LeftOut left = outcome.found().left().orElseThrow();
      Map<String, String> fields = new LinkedHashMap<>();
      fields.put("id", ArtifactJson.text(id(outcome)));
      fields.put("reason", ArtifactJson.text(left.reason().toString()));
      fields.put("measured", ArtifactJson.text(left.measured()));
      fields.put(
          "answers", ArtifactJson.list(left.answers().stream().map(ArtifactJson::text).toList()));
      lines.append(ArtifactJson.object(fields)).append('\n');
    }
    return lines.toString();
  }
}
