package dev.sonde.engine.pass;

import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.data.Example;
import dev.sonde.api.text.Tokenizer;
import dev.sonde.engine.data.LabelledStudy;
import dev.sonde.engine.model.OpenModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The prompts of a data set as one model takes them.
 *
 * @param study the data set
 * @param ids token ids per example
 * @param cut per example, how many tokens were cut off because the model takes no more
 * @param twice a sentence about special tokens that stand twice in prompts; empty where none does
 */
public record TokenRows(LabelledStudy study, List<int[]> ids, int[] cut, Optional<String> twice) {
  /** Rows with their list copied. */
  public TokenRows {
    ids = List.copyOf(ids);
  }

  /**
   * Encodes every prompt.
   *
   * @throws UnsupportedCapabilityException naming the first row without tokens, or with more than
   *     the model takes where none may be cut off
   */
  public static TokenRows of(OpenModel model, LabelledStudy study, Truncation truncation) {
    int longest = model.capabilities().longestContext();
    Tokenizer tokenizer = model.tokenizer();
    List<int[]> rows = new ArrayList<>();
    int[] cut = new int[study.size()];
    Twice twice = new Twice(tokenizer);
    for (Example example : study.examples()) {
      int[] ids = tokenizer.encode(example.text(), example.specialTokens()).ids();
      if (ids.length == 0) {
        throw new UnsupportedCapabilityException(
            "row '%s' of %s has no tokens".formatted(example.id(), study.name()));
      }
      if (example.specialTokens()) {
        twice.look(example, ids);
      }
      cut[rows.size()] = Math.max(0, ids.length - longest);
      boolean shortened = ids.length > longest && truncation != Truncation.NONE;
      rows.add(shortened ? shortened(tokenizer, example, ids, longest, truncation) : ids);
    }
    TokenRows all = new TokenRows(study, rows, cut, twice.remark(study));
    if (all.truncated() > 0 && truncation == Truncation.NONE) {
      throw new UnsupportedCapabilityException(all.refusal(longest));
    }
    return all;
  }

  /** Cuts the prompt itself: special tokens that the tokenizer puts around it stay. */
  private static int[] shortened(
      Tokenizer tokenizer, Example example, int[] whole, int longest, Truncation truncation) {
    int[] text = example.specialTokens() ? tokenizer.encode(example.text(), false).ids() : whole;
    int around = whole.length - text.length;
    int before =
        IntStream.rangeClosed(0, around)
            .filter(at -> Arrays.equals(whole, at, at + text.length, text, 0, text.length))
            .findFirst()
            .orElse(0);
    int surplus = whole.length - longest;
    int from = truncation == Truncation.LEFT ? before : before + text.length - surplus;
    return IntStream.range(0, whole.length)
        .filter(at -> at < from || at >= from + surplus)
        .map(at -> whole[at])
        .toArray();
  }

  /** Counts prompts with special tokens that stand twice. */
  private static final class Twice {
    private final AddedTwice added;
    private int rows;
    private String first = "";
    private String token = "";

    Twice(Tokenizer tokenizer) {
      this.added = new AddedTwice(tokenizer);
    }

    void look(Example example, int[] ids) {
      added
          .token(ids)
          .ifPresent(
              text -> {
                if (rows++ == 0) {
                  first = example.id();
                  token = text;
                }
              });
    }

    Optional<String> remark(LabelledStudy study) {
      return rows == 0
          ? Optional.empty()
          : Optional.of(
              "In %d of %d prompts of %s the token '%s' stands twice: they bring it already, and the tokenizer adds another; the first is row '%s'. Leave it out of the texts, or feed the conversations themselves (data.messages)."
                  .formatted(rows, study.size(), study.name(), token, first));
    }
  }

  /** Number of prompts that were cut. */
  public int truncated() {
    return (int) Arrays.stream(cut).filter(tokens -> tokens > 0).count();
  }

  /** Number of tokens of all prompts. */
  public long tokens() {
    return ids.stream().mapToLong(row -> row.length).sum();
  }

  /** Number of tokens of the longest prompt. */
  public int longest() {
    return ids.stream().mapToInt(row -> row.length).max().orElse(0);
  }

  /** What a reader of figures must know of prompts that were cut; empty where none was. */
  public Optional<String> remark() {
    return truncated() == 0
        ? Optional.empty()
        : Optional.of(
            "%d of %d prompts of %s are longer than the model's context and were cut to %d tokens (data.truncation_side); the first is row '%s'."
                .formatted(truncated(), ids.size(), study.name(), longest(), firstCut()));
  }

  private String refusal(int longest) {
    return "row '%s' of %s has %d tokens, the model takes %d%s; leave out such rows, or set data.truncation_side to left or right to cut them"
        .formatted(
            firstCut(),
            study.name(),
            ids.get(firstCutIndex()).length,
            longest,
            truncated() == 1 ? "" : " (so have %d of %d rows)".formatted(truncated(), ids.size()));
  }

  private int firstCutIndex() {
    return IntStream.range(0, cut.length).filter(row -> cut[row] > 0).findFirst().orElseThrow();
  }

  private String firstCut() {
    return study.examples().get(firstCutIndex()).id();
  }
}
