package dev.sonde.engine.report;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.report.Claim;
import dev.sonde.api.report.ClaimEvidence;
import dev.sonde.api.report.ClaimEvidence.Bound;
import dev.sonde.api.report.ClaimEvidence.Rival;
import dev.sonde.api.report.Metric;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Claims as plain maps and lists, and back. What is read back is judged again, so that no file can
 * say yes without the figures for it.
 */
final class ClaimJson {
  private ClaimJson() {}

  static Map<String, Object> write(Claim claim) {
    ClaimEvidence evidence = claim.evidence();
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", evidence.name());
    map.put("question", evidence.question());
    map.put("answer", claim.answer().word());
    map.put("because", claim.because());
    map.put("needed", claim.needed());
    map.put("overturn", claim.overturn());
    map.put("bounds", evidence.bounds().stream().map(ClaimJson::bound).toList());
    map.put("test", evidence.against().map(against -> test(against, evidence)).orElse(null));
    map.put("rivals", evidence.rivals().stream().map(ClaimJson::rival).toList());
    map.put("doubts", evidence.doubts().entrySet().stream().map(ClaimJson::doubt).toList());
    return map;
  }

  private static Map<String, Object> bound(Bound bound) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("what", bound.what());
    map.put("figure", ReportJson.metric(bound.figure()));
    map.put("above", bound.above());
    map.put("level", bound.level());
    map.put("meaning", bound.meaning());
    return map;
  }

  private static Map<String, Object> test(String against, ClaimEvidence evidence) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("against", against);
    map.put("p", plain(evidence.p()));
    map.put("smallest", plain(evidence.smallest()));
    return map;
  }

  private static @Nullable Double plain(OptionalDouble value) {
    return value.isPresent() && Double.isFinite(value.getAsDouble()) ? value.getAsDouble() : null;
  }

  private static Map<String, Object> rival(Rival rival) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("rival", rival.name());
    map.put("figure", ReportJson.metric(rival.figure()));
    map.put("margin", rival.margin().map(ReportJson::metric).orElse(null));
    return map;
  }

  private static Map<String, Object> doubt(Map.Entry<String, String> doubt) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("why", doubt.getKey());
    map.put("needed", doubt.getValue());
    return map;
  }

  static Claim read(Map<String, Object> map) {
    ClaimEvidence evidence = ClaimEvidence.of(text(map, "name"), text(map, "question"));
    for (Map<String, Object> bound : ReportJson.objectsOf(map, "bounds")) {
      evidence =
          evidence.bounded(
              new Bound(
                  text(bound, "what"),
                  figure(bound, "figure").orElseThrow(() -> missing("figure")),
                  Boolean.TRUE.equals(bound.get("above")),
                  number(bound.get("level")).orElseThrow(() -> missing("level")),
                  text(bound, "meaning")));
    }
    if (map.get("test") instanceof Map<?, ?> test) {
      evidence =
          evidence.tested(
              String.valueOf(test.get("against")),
              number(test.get("p")),
              number(test.get("smallest")));
    }
    for (Map<String, Object> rival : ReportJson.objectsOf(map, "rivals")) {
      evidence =
          evidence.rival(
              new Rival(
                  text(rival, "rival"),
                  figure(rival, "figure").orElseThrow(() -> missing("figure")),
                  figure(rival, "margin")));
    }
    for (Map<String, Object> doubt : ReportJson.objectsOf(map, "doubts")) {
      evidence = evidence.cannotTell(text(doubt, "why"), text(doubt, "needed"));
    }
    return evidence.overturnedBy(text(map, "overturn")).judged();
  }

  private static InvalidInputException missing(String field) {
    return new InvalidInputException("a claim has no field '" + field + "'");
  }

  private static Optional<Metric> figure(Map<String, Object> map, String key) {
    return Optional.ofNullable(map.get(key)).map(ReportJson::metricOf);
  }

  private static OptionalDouble number(@Nullable Object value) {
    return value instanceof Number number
        ? OptionalDouble.of(number.doubleValue())
        : OptionalDouble.empty();
  }

  private static String text(Map<String, Object> map, String key) {
    Object value = map.get(key);
    if (value == null) {
      throw missing(key);
    }
    return String.valueOf(value);
  }
}
