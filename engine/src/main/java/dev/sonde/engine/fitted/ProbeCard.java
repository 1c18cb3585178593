package dev.sonde.engine.fitted;

import dev.sonde.api.evaluate.ScorerForm;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Selector;
import dev.sonde.engine.fitted.SavedProbe.KeptThreshold;
import dev.sonde.engine.fitted.SavedProbe.Reading;
import dev.sonde.formats.FormatException;
import dev.sonde.formats.json.Json;
import dev.sonde.formats.json.JsonText;
import dev.sonde.statistics.IsotonicCurve;
import dev.sonde.statistics.LogisticCurve;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The card of a saved probe, written as JSON and read back. */
final class ProbeCard {
  static final String FORMAT = "sonde-probe-1";

  private ProbeCard() {}

  /**
   * The card.
   *
   * @param tensors the file with the tensors, beside it
   * @param sha256 of that file
   */
  static byte[] write(SavedProbe probe, String tensors, String sha256) {
    ScorerForm form = probe.form();
    Map<String, Object> card = JsonText.object("format", FORMAT, "name", probe.name());
    card.put("what", probe.what());
    card.put("chosen", probe.chosen());
    card.put("tensors", JsonText.object("file", tensors, "sha256", sha256));
    card.put("kind", form.kind());
    card.put("form", form.texts());
    card.put(
        "read",
        JsonText.object(
            "hook_point",
            probe.reading().point().name(),
            "tokens",
            probe.reading().selector().toString(),
            "reduction",
            probe.reading().reduction(),
            "width",
            (long) probe.reading().width(),
            "aggregate",
            probe.reading().aggregate(),
            "over",
            probe.reading().over(),
            "standardisation",
            form.kind().equals(ScorerForm.LINEAR)
                ? "none: it is folded into weights and bias"
                : "by the tensors of the form"));
    card.put(
        "classes",
        JsonText.object(
            "positive", probe.positive(), "negative", probe.negative(), "graded", probe.graded()));
    probe.curve().ifPresent(curve -> card.put("probability", curve.json()));
    card.put("thresholds", probe.thresholds().stream().map(ProbeCard::json).toList());
    card.put(
        "decoder",
        JsonText.object(
            "name",
            probe.by().name(),
            "plugin",
            probe.by().fullName(),
            "version",
            probe.by().version(),
            "settings",
            plain(probe.by().settings())));
    card.put("model", plain(probe.model()));
    card.put("prompt", plain(probe.prompt()));
    card.put("data", plain(probe.data()));
    card.put("figures", plain(probe.figures()));
    card.put("verdict", plain(probe.verdict()));
    return JsonText.of(card);
  }

  private static Map<String, Object> json(KeptThreshold one) {
    return JsonText.object(
        "false_positives",
        one.asked(),
        "score",
        one.score(),
        "measured",
        number(one.rate()),
        "low",
        number(one.low()),
        "high",
        number(one.high()),
        "recall",
        number(one.recall()));
  }

  /** A value as JSON writes it: whole numbers are long, and what is no number is null. */
  private static Object plain(Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        Map<String, Object> copy = JsonText.object();
        map.forEach((key, item) -> copy.put(String.valueOf(key), plain(item)));
        yield copy;
      }
      case List<?> list -> list.stream().map(ProbeCard::plain).toList();
      case Integer whole -> whole.longValue();
      case Double number -> number(number);
      case Long number -> number;
      case Boolean flag -> flag;
      default -> value.equals(Json.NONE) ? Json.NONE : String.valueOf(value);
    };
  }

  private static Object number(double value) {
    return Double.isFinite(value) ? (Object) value : Json.NONE;
  }

  /** The tensors that a card names. */
  record Tensors(String file, String sha256) {}

  /** Where the tensors of a card are. */
  static Tensors tensors(Path file, Map<String, Object> card) {
    if (!FORMAT.equals(card.get("format"))) {
      throw new FormatException(file, "is no card of a saved probe: its format is not " + FORMAT);
    }
    Map<String, Object> tensors = map(file, card, "tensors");
    return new Tensors(text(file, tensors, "file"), text(file, tensors, "sha256"));
  }

  /**
   * The probe of a card.
   *
   * @param tensors by name
   */
  static SavedProbe read(Path file, Map<String, Object> card, Map<String, Matrix> tensors) {
    ScorerForm form = ScorerForm.of(text(file, card, "kind"));
    for (Map.Entry<String, Object> text : map(file, card, "form").entrySet()) {
      form = form.text(text.getKey(), String.valueOf(text.getValue()));
    }
    for (Map.Entry<String, Matrix> tensor : tensors.entrySet()) {
      form = form.tensor(tensor.getKey(), tensor.getValue());
    }
    Map<String, Object> read = map(file, card, "read");
    Map<String, Object> classes = map(file, card, "classes");
    Map<String, Object> decoder = map(file, card, "decoder");
    List<KeptThreshold> thresholds = new ArrayList<>();
    for (Object one : list(file, card, "thresholds")) {
      thresholds.add(threshold(file, asMap(file, one, "thresholds")));
    }
    List<Map<String, Object>> verdict = new ArrayList<>();
    for (Object one : list(file, card, "verdict")) {
      verdict.add(asMap(file, one, "verdict"));
    }
    return new SavedProbe(
        text(file, card, "name"),
        text(file, card, "what"),
        Boolean.TRUE.equals(card.get("chosen")),
        new FittedBy(
            text(file, decoder, "name"),
            text(file, decoder, "plugin"),
            text(file, decoder, "version"),
            map(file, decoder, "settings")),
        form,
        new Reading(
            HookPoint.parse(text(file, read, "hook_point")),
            Selector.parse(text(file, read, "tokens")),
            text(file, read, "reduction"),
            (int) number(file, read, "width"),
            text(file, read, "aggregate"),
            text(file, read, "over")),
        text(file, classes, "positive"),
        text(file, classes, "negative"),
        Boolean.TRUE.equals(classes.get("graded")),
        card.containsKey("probability")
            ? Optional.of(curve(file, map(file, card, "probability")))
            : Optional.empty(),
        thresholds,
        map(file, card, "model"),
        map(file, card, "prompt"),
        map(file, card, "data"),
        map(file, card, "figures"),
        verdict);
  }

  private static KeptThreshold threshold(Path file, Map<String, Object> one) {
    return new KeptThreshold(
        number(file, one, "false_positives"),
        number(file, one, "score"),
        orNone(one, "measured"),
        orNone(one, "low"),
        orNone(one, "high"),
        orNone(one, "recall"));
  }

  private static ProbabilityCurve curve(Path file, Map<String, Object> curve) {
    return switch (text(file, curve, "kind")) {
      case "platt" ->
          new ProbabilityCurve.Platt(
              new LogisticCurve(number(file, curve, "slope"), number(file, curve, "intercept")));
      case "isotonic" ->
          new ProbabilityCurve.Isotonic(
              new IsotonicCurve(
                  numbers(file, curve, "scores"), numbers(file, curve, "probabilities")));
      default ->
          throw new FormatException(file, "its probability is of a kind unknown here: " + curve);
    };
  }

  private static double[] numbers(Path file, Map<String, Object> map, String key) {
    return list(file, map, key).stream()
        .mapToDouble(
            value -> {
              if (value instanceof Number number) {
                return number.doubleValue();
              }
              throw new FormatException(file, "'%s' holds %s".formatted(key, value));
            })
        .toArray();
  }

  private static String text(Path file, Map<String, Object> map, String key) {
    if (map.get(key) instanceof String text) {
      return text;
    }
    throw new FormatException(file, "the text '%s' is missing".formatted(key));
  }

  private static double number(Path file, Map<String, Object> map, String key) {
    if (map.get(key) instanceof Number number) {
      return number.doubleValue();
    }
    throw new FormatException(file, "the number '%s' is missing".formatted(key));
  }

  private static double orNone(Map<String, Object> map, String key) {
    return map.get(key) instanceof Number number ? number.doubleValue() : Double.NaN;
  }

  private static List<?> list(Path file, Map<String, Object> map, String key) {
    if (map.get(key) instanceof List<?> list) {
      return list;
    }
    throw new FormatException(file, "the list '%s' is missing".formatted(key));
  }

  private static Map<String, Object> map(Path file, Map<String, Object> map, String key) {
    return asMap(file, map.getOrDefault(key, ""), key);
  }

  private static Map<String, Object> asMap(Path file, Object value, String key) {
    if (value instanceof Map<?, ?> found) {
      Map<String, Object> copy = JsonText.object();
      found.forEach((name, item) -> copy.put(String.valueOf(name), item));
      return copy;
    }
    throw new FormatException(file, "'%s' is missing or no object".formatted(key));
  }
}
