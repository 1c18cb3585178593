package dev.sonde.probe.position.perturb;

import dev.sonde.api.data.Study;
import dev.sonde.api.model.Attention.Rotary;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.Artifact;
import dev.sonde.api.probe.Model;
import dev.sonde.api.text.Tokenizer;
import dev.sonde.probe.position.read.ScoredPart;
import dev.sonde.probe.position.read.Text;
import dev.sonde.probe.position.read.Windows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * P4: the same last tokens after contexts of 1 to 8 times the trained window, with rotation as it
 * is, with the first tokens and the latest ones only, none farther away than the trained window
 * (after LM-Infinite), with distances that are clipped or grouped, and with frequencies that are
 * scaled at run time.
 *
 * @param trained tokens of the window the model was trained with
 */
public record LongContexts(Model model, int trained) {
  private static final int[] MULTIPLES = {1, 2, 4, 8};

  /** The coordinate of how many trained windows a context has. */
  public static final String MULTIPLE = "multiple";

  /** First tokens that are always seen: "about 10". */
  private static final int SINKS = 10;

  /** Texts as long as the largest multiple of which the rows fill at least one. */
  public static List<Text> texts(
      Study study, Tokenizer tokenizer, int trained, int most, ScoredPart scored) {
    for (int i = MULTIPLES.length - 1; i > 0; i--) {
      Windows windows = Windows.cut(study, tokenizer, MULTIPLES[i] * trained, most, scored);
      if (!windows.texts().isEmpty()) {
        return windows.texts();
      }
    }
    return List.of();
  }

  /** Tokens of each of some texts; 0 of none. */
  public static int length(List<Text> texts) {
    return texts.isEmpty() ? 0 : texts.getFirst().length();
  }

  /** What is tried on a model: what changes frequencies only where all blocks rotate alike. */
  static List<ContextExtension> extensions(Model model) {
    List<Rotary> rotaries =
        model.info().attention().stream().flatMap(block -> block.rotary().stream()).toList();
    boolean alike =
        rotaries.size() == model.info().layers()
            && rotaries.stream()
                .allMatch(r -> Arrays.equals(r.frequencies(), rotaries.getFirst().frequencies()));
    boolean scales =
        alike
            && rotaries.getFirst().frequencies().length > 1
            && model.capabilities().features().contains(Capabilities.FREQUENCIES);
    return Arrays.stream(ContextExtension.values())
        .filter(each -> scales || !each.scales())
        .filter(each -> !each.moves() || offered(model, each))
        .toList();
  }

  private static boolean offered(Model model, ContextExtension extension) {
    return model.capabilities().distances().contains(extension.distances(2, 2).kind());
  }

  /**
   * Tokens that are run for one text, beside those of one window as it is.
   *
   * @param length tokens of the text
   */
  static long tokens(Model model, int trained, int length) {
    return conditions(model, trained, length).stream()
        .mapToLong(condition -> (long) multiple(condition) * trained)
        .sum();
  }

  static int multiple(PerturbationCase condition) {
    return condition.where().getOrDefault(MULTIPLE, 1);
  }

  /**
   * The conditions that texts are run under.
   *
   * @param length tokens of a text
   */
  static List<PerturbationCase> conditions(Model model, int trained, int length) {
    List<PerturbationCase> conditions = new ArrayList<>();
    for (ContextExtension extension : extensions(model)) {
      for (int multiple : MULTIPLES) {
        boolean same = multiple == 1 && extension.isPlainWithin();
        if (multiple * trained <= length && !same) {
          String perturbation = "%s.%s".formatted(Perturbation.LENGTH.key(), extension.key());
          conditions.add(PerturbationCase.at(perturbation, MULTIPLE, multiple));
        }
      }
    }
    return conditions;
  }

  /**
   * Per condition, the changes of each text against one window, on its last half window; and of the
   * longest context, where all tokens are scored, the loss over where they stand.
   */
  Artifact run(List<Text> texts) {
    Losses before = Losses.of(model, sequences(texts, PerturbationCase.at("", MULTIPLE, 1), false));
    List<Losses.Change[]> changes = new ArrayList<>();
    Artifact curves = Artifact.empty();
    for (PerturbationCase condition : conditions(model, trained, length(texts))) {
      boolean longest = multiple(condition) * trained == length(texts);
      Losses after = Losses.of(model, sequences(texts, condition, longest));
      changes.add(
          IntStream.range(0, texts.size())
              .mapToObj(text -> after.change(text, before, trained / 2, token -> true))
              .toArray(Losses.Change[]::new));
      if (longest) {
        curves = LossCurve.with(curves, condition.variant(), after, partTokens());
      }
    }
    return PerturbedShard.artifact(changes, texts.size()).with(curves);
  }

  /** Tokens of the parts of a context whose losses are told apart. */
  int partTokens() {
    return Math.max(1, trained / LossCurve.PARTS);
  }

  private List<Sequence> sequences(List<Text> texts, PerturbationCase condition, boolean all) {
    return texts.stream().map(text -> sequence(text, condition, all)).toList();
  }

  private Sequence sequence(Text text, PerturbationCase condition, boolean all) {
    int length = multiple(condition) * trained;
    int from = text.length() - length;
    int[] last = Arrays.copyOfRange(text.ids(), from, text.length());
    int first = all ? 1 : length - trained / 2;
    return read(Sequence.of(last).targets(text.targets(last, from, first)), condition, length);
  }

  static ContextExtension extension(PerturbationCase condition) {
    return condition.variant().isEmpty()
        ? ContextExtension.PLAIN
        : ContextExtension.valueOf(condition.variant().toUpperCase(Locale.ROOT));
  }

  /**
   * A sequence as a condition wants it read.
   *
   * @param length tokens that it has, or will have when all is written
   */
  Sequence read(Sequence sequence, PerturbationCase condition, int length) {
    ContextExtension extension = extension(condition);
    Sequence read = sequence;
    if (length > model.capabilities().longestContext()) {
      read = read.beyondContext();
    }
    if (extension == ContextExtension.WINDOW) {
      Sequence.Blocked[] hidden =
          IntStream.range(SINKS + trained, length)
              .mapToObj(query -> new Sequence.Blocked(query, query + 1, SINKS, query - trained + 1))
              .toArray(Sequence.Blocked[]::new);
      read = read.block(hidden);
    }
    if (extension.moves()) {
      return read.distances(extension.distances(trained, length));
    }
    if (extension.scales()) {
      Rotary rotary = model.info().attention().getFirst().rotary().orElseThrow();
      return read.frequencies(extension.frequencies(rotary, trained, multiple(condition)));
    }
    return read;
  }
}
