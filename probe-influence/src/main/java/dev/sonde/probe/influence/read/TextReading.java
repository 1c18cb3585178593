package dev.sonde.probe.influence.read;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.data.Example;
import dev.sonde.api.data.Study;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.probe.Model;
import dev.sonde.api.text.Encoding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Makes items of documents and queries, and says what it left out or cut. */
public final class TextReading {
  private static final int FEWEST_TOKENS = 2;

  /** The queries' column with the part of the completion that is explained. */
  private static final String SPAN = "span";

  /** The queries' column with another completion, whose log-probability is subtracted. */
  private static final String AGAINST = "against";

  private final Model model;
  private final TextSources sources;
  private final List<String> remarks = new ArrayList<>();
  private final List<String> cut = new ArrayList<>();

  /** Reads with a model's tokenizer. */
  public TextReading(Model model, TextSources sources) {
    this.model = model;
    this.sources = sources;
  }

  /** What the reader of the report must know of the texts. */
  public List<String> remarks() {
    return remarks;
  }

  /**
   * The documents that are kept; without those that have no token to predict, and cut to the
   * longest context.
   *
   * @throws InvalidInputException if none is left
   */
  public List<TokenizedText> documents(Study study) {
    List<Example> kept = study.examples().stream().filter(this::isKept).toList();
    if (kept.isEmpty()) {
      throw new InvalidInputException(
          "sets.%s: no document%s; there are %d rows"
              .formatted(
                  study.name(),
                  sources.keep().isEmpty() ? "" : " has " + String.join(" and ", sources.keep()),
                  study.size()));
    }
    PackedTexts items = new PackedTexts();
    List<String> empty = new ArrayList<>();
    for (Example example : kept) {
      Encoding encoding = model.tokenizer().encode(example.text(), example.specialTokens());
      int[] tokens = cut(example, ended(encoding.ids()));
      int lossFrom = sources.lossFrom().map(c -> lossFrom(study, example, c, encoding)).orElse(1);
      if (tokens.length < FEWEST_TOKENS || lossFrom >= tokens.length) {
        empty.add(example.id());
      } else {
        items.append(example, tokens, lossFrom);
      }
    }
    if (items.isEmpty()) {
      throw new InvalidInputException(
          "sets.%s: no document has a token to predict; '%s' is the first"
              .formatted(study.name(), empty.getFirst()));
    }
    if (!empty.isEmpty()) {
      remarks.add(
          "%d documents have no token to predict and are left out; '%s' is the first."
              .formatted(empty.size(), empty.getFirst()));
    }
    if (!cut.isEmpty()) {
      remarks.add(
          "%d documents are cut to the %d tokens of the longest context; '%s' is the first."
              .formatted(cut.size(), model.capabilities().longestContext(), cut.getFirst()));
    }
    return items;
  }

  /** A row without the column is kept: it is of another file than the condition was written for. */
  private boolean isKept(Example example) {
    return sources.keep().stream()
        .allMatch(
            condition -> {
              int equals = condition.indexOf('=');
              String column = condition.substring(0, equals);
              return !example.has(column)
                  || example.text(column).equals(condition.substring(equals + 1));
            });
  }

  private int[] ended(int[] ids) {
    int[] ends = model.info().endOfSequence();
    if (!sources.endToken() || ids.length == 0 || ends.length == 0) {
      return ids;
    }
    int[] longer = Arrays.copyOf(ids, ids.length + 1);
    longer[ids.length] = ends[0];
    return longer;
  }

  private int[] cut(Example example, int[] tokens) {
    int most = model.capabilities().longestContext();
    if (tokens.length > most) {
      cut.add(example.id());
      return Arrays.copyOf(tokens, most);
    }
    return tokens;
  }

  /**
   * The first token that ends behind a character, which data count as Python does: an emoji is one.
   * Without the column the loss is on all.
   */
  private static int lossFrom(Study study, Example example, String column, Encoding encoding) {
    return example
        .number(column)
        .map(
            character -> {
              String text = example.text();
              int length = text.codePointCount(0, text.length());
              if (!(character >= 0 && character <= length) || character != Math.rint(character)) {
                throw new InvalidInputException(
                    "sets.%s: '%s' has %s %s, but its text has the characters 0 to %d; loss_from counts code points of the text as it is tokenized"
                        .formatted(study.name(), example.id(), column, shown(character), length));
              }
              int place = text.offsetByCodePoints(0, character.intValue());
              return Math.max(1, firstBehind(encoding, place));
            })
        .orElse(1);
  }

  private static String shown(double number) {
    return number == Math.rint(number) ? String.valueOf((long) number) : String.valueOf(number);
  }

  /** The first token that ends behind a place in UTF-16 units. */
  private static int firstBehind(Encoding encoding, int place) {
    int token = 0;
    while (token < encoding.size() && encoding.ends()[token] <= place) {
      token++;
    }
    return token;
  }

  /**
   * The queries, prompt and completion together as they stand: a space between them is a part of
   * one of them.
   *
   * @throws InvalidInputException if there is none, or one has no completion or is too long
   */
  public List<TokenizedText> queries(Study study) {
    if (study.size() == 0) {
      throw new InvalidInputException("sets.%s: there is no query".formatted(study.name()));
    }
    return study.examples().stream().map(example -> query(study, example)).toList();
  }

  private TokenizedText query(Study study, Example example) {
    TokenizedText query = query(study, example, sources.completion());
    return example.has(AGAINST) ? query.less(query(study, example, AGAINST)) : query;
  }

  private TokenizedText query(Study study, Example example, String column) {
    if (!example.has(column) || example.text(column).isBlank()) {
      throw new InvalidInputException(
          "sets.%s: query '%s' has no '%s'; a query is a prompt and the completion to explain"
              .formatted(study.name(), example.id(), column));
    }
    String prompt = example.text();
    String text = prompt + example.text(column);
    Encoding encoding = model.tokenizer().encode(text, example.specialTokens());
    int lossFrom = Math.max(1, firstBehind(encoding, prompt.length()));
    ModelInfo info = model.info();
    if (lossFrom >= encoding.size()) {
      throw new InvalidInputException(
          "sets.%s: the %s of query '%s' is no token of %s"
              .formatted(study.name(), column, example.id(), info.architecture()));
    }
    if (encoding.size() > model.capabilities().longestContext()) {
      throw new InvalidInputException(
          "sets.%s: query '%s' has %d tokens, the longest context %d"
              .formatted(
                  study.name(),
                  example.id(),
                  encoding.size(),
                  model.capabilities().longestContext()));
    }
    return example.has(SPAN) && column.equals(sources.completion())
        ? ofSpan(study, example, text, encoding)
        : new TokenizedText(example, text, encoding.ids(), lossFrom);
  }

  /**
   * A query of which only a part of the completion is explained, such as one step: the tokens that
   * begin before the part's end and end behind its begin.
   */
  private TokenizedText ofSpan(Study study, Example example, String text, Encoding encoding) {
    String completion = example.text(sources.completion());
    int length = completion.codePointCount(0, completion.length());
    List<String> ends = example.texts(SPAN);
    if (ends.size() != 2 || !ends.stream().allMatch(end -> end.matches("\\d{1,9}"))) {
      throw wrong(study, example, ends, length);
    }
    int from = Integer.parseInt(ends.getFirst());
    int to = Integer.parseInt(ends.getLast());
    if (from >= to || to > length) {
      throw wrong(study, example, ends, length);
    }
    int prompt = example.text().length();
    int first = firstBehind(encoding, prompt + completion.offsetByCodePoints(0, from));
    int end = first;
    while (end < encoding.size()
        && encoding.starts()[end] < prompt + completion.offsetByCodePoints(0, to)) {
      end++;
    }
    if (first >= end) {
      throw wrong(study, example, ends, length);
    }
    return new TokenizedText(
        example, text, encoding.ids(), Math.max(1, first), end, Optional.empty());
  }

  private static InvalidInputException wrong(
      Study study, Example example, List<String> ends, int length) {
    return new InvalidInputException(
        "sets.%s: query '%s' has the span %s; it is to be two characters of the completion, from and to, between 0 and %d"
            .formatted(study.name(), example.id(), ends, length));
  }
}
