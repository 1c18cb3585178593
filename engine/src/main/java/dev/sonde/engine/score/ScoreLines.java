package dev.sonde.engine.score;

import dev.sonde.formats.json.Json;
import dev.sonde.formats.json.JsonText;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Scores as one JSON object a line, or as lines of comma-separated values. */
final class ScoreLines implements ScoreSink {
  private final Writer out;
  private final boolean csv;
  private final boolean several;

  /**
   * Lines.
   *
   * @param csv whether values are separated by commas; tokens are left out then
   * @param several whether the probe is named on each line
   */
  ScoreLines(Writer out, boolean csv, boolean several) throws IOException {
    this.out = out;
    this.csv = csv;
    this.several = several;
    if (csv) {
      out.write(several ? "id,probe,score,probability,flag\n" : "id,score,probability,flag\n");
    }
  }

  @Override
  public void accept(TextScore score, String text) throws IOException {
    Map<String, Object> line = JsonText.object("id", score.id());
    if (several) {
      line.put("probe", score.probe());
    }
    line.put("score", number(score.score()));
    line.put("probability", number(score.probability()));
    line.put("flag", Double.isNaN(score.threshold()) ? Json.NONE : (Object) score.isFlagged());
    if (csv) {
      List<String> cells = new ArrayList<>();
      line.values().forEach(value -> cells.add(value.equals(Json.NONE) ? "" : cell(value)));
      out.write(String.join(",", cells) + "\n");
      return;
    }
    if (!score.tokens().isEmpty()) {
      line.put("tokens", score.tokens().stream().map(TextScore.TokenScore::text).toList());
      line.put("scores", score.tokens().stream().map(token -> number(token.score())).toList());
    }
    out.write(new String(JsonText.of(line), StandardCharsets.UTF_8) + "\n");
  }

  private static Object number(double value) {
    return Double.isFinite(value) ? (Object) value : Json.NONE;
  }

  private static String cell(Object value) {
    String text = String.valueOf(value);
    return text.matches("(?s).*[\",\r\n].*") ? "\"" + text.replace("\"", "\"\"") + "\"" : text;
  }
}
