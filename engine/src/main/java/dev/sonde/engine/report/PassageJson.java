package dev.sonde.engine.report;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.report.Passage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Passages as plain maps and lists, and back. */
final class PassageJson {
  private PassageJson() {}

  static Map<String, Object> write(Passage passage) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", passage.name());
    map.put("title", passage.title());
    map.put("caption", passage.caption());
    map.put("lead", passage.lead());
    map.put("parts", passage.parts().stream().map(PassageJson::part).toList());
    return map;
  }

  private static Map<String, Object> part(Passage.Part part) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("text", part.text());
    map.put("label", part.label());
    map.put("shade", part.shade());
    map.put("remark", part.remark());
    map.put(
        "links",
        part.links().entrySet().stream()
            .map(link -> List.<Object>of(link.getKey(), link.getValue()))
            .toList());
    return map;
  }

  static Passage read(Object value) {
    Map<?, ?> map = object(value);
    return Passage.of(
        text(map, "name"),
        text(map, "title"),
        text(map, "caption"),
        text(map, "lead"),
        list(map.get("parts")).stream().map(PassageJson::partOf).toList());
  }

  private static Passage.Part partOf(Object value) {
    Map<?, ?> map = object(value);
    return Passage.Part.of(
        text(map, "text"),
        text(map, "label"),
        number(map.get("shade")),
        text(map, "remark"),
        links(list(map.get("links"))));
  }

  private static Map<Integer, Double> links(List<?> pairs) {
    Map<Integer, Double> links = new LinkedHashMap<>();
    for (Object each : pairs) {
      List<?> pair = list(each);
      links.put((int) number(pair.getFirst()), number(pair.getLast()));
    }
    return links;
  }

  private static String text(Map<?, ?> map, String key) {
    return String.valueOf(map.get(key));
  }

  private static double number(@Nullable Object value) {
    return value instanceof Number number ? number.doubleValue() : 0;
  }

  private static List<?> list(@Nullable Object value) {
    if (value instanceof List<?> list) {
      return list;
    }
    throw new InvalidInputException("report: a passage holds no list where one belongs");
  }

  private static Map<?, ?> object(Object value) {
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    throw new InvalidInputException("report: a passage is no object");
  }
}
