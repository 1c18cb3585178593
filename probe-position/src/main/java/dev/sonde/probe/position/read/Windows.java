package dev.sonde.probe.position.read;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.data.Example;
import dev.sonde.api.data.Study;
import dev.sonde.api.text.Encoding;
import dev.sonde.api.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;

/**
 * Texts of one length. A text begins where a row begins; rows shorter than it are joined in file
 * order until it is full, and what is over is left out.
 *
 * @param texts all of one length
 * @param rows how many rows of the data they are made of
 * @param empty how many rows have no tokens
 * @param unused tokens of rows behind the last full text
 */
public record Windows(List<Text> texts, int rows, int empty, int unused) {
  /** Windows with their list copied. */
  public Windows {
    texts = List.copyOf(texts);
  }

  /**
   * Cuts texts.
   *
   * @param most how many texts are wanted
   * @param scored what of a row is scored
   * @throws InvalidInputException if all rows together do not fill one, or no token is scored
   */
  public static Windows of(
      Study study, Tokenizer tokenizer, int length, int most, ScoredPart scored) {
    Windows windows = cut(study, tokenizer, length, most, scored);
    if (windows.texts.isEmpty()) {
      throw new InvalidInputException(
          "the %d rows of %s make %d tokens, fewer than one text of %d: give longer or more rows, or a smaller 'window' (probes.NAME.with.window)"
              .formatted(study.size(), study.name(), windows.unused, length));
    }
    if (windows.targets() == 0) {
      throw new InvalidInputException(
          "no token of %s is scored: '%s' matches in none of its texts; give another 'scored' (probes.NAME.with.scored), or an empty one for all tokens"
              .formatted(study.name(), scored));
    }
    return windows;
  }

  /** The same, where there may be none. */
  public static Windows cut(
      Study study, Tokenizer tokenizer, int length, int most, ScoredPart scored) {
    List<Text> texts = new ArrayList<>();
    int[] text = new int[length];
    boolean[] counted = new boolean[length];
    int filled = 0;
    int rows = 0;
    int pending = 0;
    int empty = 0;
    for (Example example : study.examples()) {
      if (texts.size() == most) {
        break;
      }
      boolean first = filled == 0;
      Encoding encoding = tokenizer.encode(example.text(), first && example.specialTokens());
      int[] ids = encoding.ids();
      if (ids.length == 0) {
        empty++;
        continue;
      }
      pending++;
      int taken = Math.min(ids.length, length - filled);
      System.arraycopy(ids, 0, text, filled, taken);
      System.arraycopy(scored.of(example.text(), encoding), 0, counted, filled, taken);
      filled += taken;
      if (filled == length) {
        texts.add(new Text(text.clone(), counted.clone()));
        rows += pending;
        pending = 0;
        filled = 0;
      }
    }
    return new Windows(texts, rows, empty, filled);
  }

  /** Number of tokens whose loss counts. */
  public int targets() {
    return texts.stream().mapToInt(Text::targets).sum();
  }

  /** What a reader of figures must know of them. */
  public String remark(int length, int wanted) {
    StringBuilder remark = new StringBuilder();
    remark.append(
        "%d %s of %d tokens, made of %d rows joined in file order where they are shorter; a text begins where a row begins."
            .formatted(texts.size(), texts.size() == 1 ? "text" : "texts", length, rows));
    if (texts.size() < wanted) {
      remark.append(
          " %d were asked for: the data holds no more, and its last %d tokens fill none."
              .formatted(wanted, unused));
    }
    int all = texts.size() * (length - 1);
    if (targets() < all) {
      remark.append(
          " Losses are of %d of their %d predicted tokens, those that 'scored' names."
              .formatted(targets(), all));
    }
    if (empty > 0) {
      remark.append(" %d rows without tokens were skipped.".formatted(empty));
    }
    if (texts.size() == 1) {
      remark.append(
          " With one text there are no intervals: how figures differ from text to text is unknown.");
    }
    return remark.toString();
  }
}
