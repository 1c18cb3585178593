package dev.sonde.engine.score;

import java.io.IOException;
import java.io.Writer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Texts as a page whose tokens are coloured by their score: blue towards the positive class, orange
 * away from it, the stronger the further from the threshold. Colours are of each probe's own scale,
 * which the first texts set. A pointer on a token shows its score.
 */
final class ColouredText implements ScoreSink {
  /** Texts on a page: more are not read by anybody. */
  static final int MOST = 500;

  private static final double STRONG = 0.95;
  private static final String HEAD =
      """
      <!doctype html>
      <html lang="en"><head><meta charset="utf-8"><title>Scores of tokens</title>
      <style>
      body { font: 16px/1.6 system-ui, sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em;
             color: #111; background: #fff }
      article { border-top: 1px solid #ccc; padding: .6em 0; white-space: pre-wrap;
                overflow-wrap: anywhere }
      h2 { font-size: .9em; font-weight: 600; margin: 0; color: #444 }
      span.off { opacity: .55 }
      </style></head><body>
      <h1>Scores of tokens</h1>
      <p>Blue: towards the positive class. Orange: away from it. The stronger a colour, the further a
      token's score is from the threshold. Pale letters do not count for the text's score.</p>
      """;

  private final Writer out;
  private double scale = Double.NaN;
  private int shown;

  ColouredText(Writer out) throws IOException {
    this.out = out;
    out.write(HEAD);
  }

  @Override
  public void accept(TextScore score, String text) throws IOException {
    if (score.tokens().isEmpty() || shown++ >= MOST) {
      return;
    }
    double middle = Double.isNaN(score.threshold()) ? 0 : score.threshold();
    if (Double.isNaN(scale)) {
      scale = scale(score.tokens(), middle);
    }
    out.write(
        "<article><h2>%s · %s · score %s%s</h2>"
            .formatted(
                escaped(score.id()),
                escaped(score.probe()),
                number(score.score()),
                Double.isNaN(score.probability())
                    ? ""
                    : ", probability " + number(score.probability())));
    int written = 0;
    for (TextScore.TokenScore token : score.tokens()) {
      if (token.from() >= written && token.to() > token.from()) {
        out.write(escaped(text.substring(written, token.from())));
        written = token.to();
      }
      out.write(
          "<span%s style=\"background:%s\" title=\"%s\">%s</span>"
              .formatted(
                  token.counts() ? "" : " class=\"off\"",
                  colour((token.score() - middle) / scale),
                  number(token.score()),
                  escaped(token.text())));
    }
    out.write("</article>\n");
  }

  private static double scale(List<TextScore.TokenScore> tokens, double middle) {
    double[] apart =
        tokens.stream().mapToDouble(token -> Math.abs(token.score() - middle)).sorted().toArray();
    double strong = apart[Math.min(apart.length - 1, (int) (STRONG * apart.length))];
    return strong > 0 ? strong : Math.max(1, Arrays.stream(apart).max().orElse(1));
  }

  private static String colour(double share) {
    double strength = Math.min(1, Math.abs(share)) * 0.65;
    return String.format(
        Locale.ROOT, share >= 0 ? "rgba(0,114,178,%.2f)" : "rgba(230,159,0,%.2f)", strength);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4g", value);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  @Override
  public void end() throws IOException {
    if (shown > MOST) {
      out.write("<p>%d of %d texts are shown.</p>\n".formatted(MOST, shown));
    }
    out.write("</body></html>\n");
  }
}
