package dev.sonde.engine.fitted;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.evaluate.ScorerForm;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Selector;
import dev.sonde.engine.evaluate.control.Threshold;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A fitted decoder with all that is needed to apply it to other texts, and what is known of it.
 *
 * @param name the probe's name in its experiment and the decoder's
 * @param what which fit it is, in a sentence
 * @param chosen whether it is what the nested procedure takes of its evaluation
 * @param by the decoder
 * @param form the fit
 * @param reading what it reads of a text
 * @param positive name of the class that high scores mean
 * @param negative name of the other
 * @param graded whether labels were grades, so that there are no probabilities and thresholds
 * @param curve what makes probabilities; empty where nothing does
 * @param thresholds by false-positive rate, the smallest rate first
 * @param model the model's facts: {@code reference}, {@code sha256}, {@code backend}, {@code
 *     dtype}, {@code tokenizer} and others
 * @param prompt how a row becomes what the model is fed, as {@code data:} of an experiment says it
 * @param data the data it was fitted to
 * @param figures what its evaluation found
 * @param verdict the questions of its evaluation with their answers
 */
public record SavedProbe(
    String name,
    String what,
    boolean chosen,
    FittedBy by,
    ScorerForm form,
    Reading reading,
    String positive,
    String negative,
    boolean graded,
    Optional<ProbabilityCurve> curve,
    List<KeptThreshold> thresholds,
    Map<String, Object> model,
    Map<String, Object> prompt,
    Map<String, Object> data,
    Map<String, Object> figures,
    List<Map<String, Object>> verdict) {

  /** A probe with its lists and maps copied. */
  public SavedProbe {
    thresholds = List.copyOf(thresholds);
    model = copy(model);
    prompt = copy(prompt);
    data = copy(data);
    figures = copy(figures);
    verdict = List.copyOf(verdict);
  }

  private static Map<String, Object> copy(Map<String, Object> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }

  /**
   * What is read of a text.
   *
   * @param selector which tokens
   * @param reduction how they become one row, see {@link Read#reduction}
   * @param width numbers a row
   * @param aggregate how scores of single tokens become that of a text ({@code max}, …) where that
   *     takes the place of selector and reduction; empty where it does not
   * @param over the tokens that count: {@code all}, {@code answer} or {@code assistant}
   */
  public record Reading(
      HookPoint point,
      Selector selector,
      String reduction,
      int width,
      String aggregate,
      String over) {
    /** What a run reads: one row a text. */
    public Reading(HookPoint point, Selector selector, String reduction, int width) {
      this(point, selector, reduction, width, "", "all");
    }

    /** The read of one row a text. */
    public Read read() {
      return Read.of(point, selector).reduce(reduction);
    }

    /** In words: {@code last}, {@code index:N}, {@code mean}. */
    public String tokens() {
      return reduction.equals(Read.NONE) ? selector.toString() : reduction;
    }
  }

  /**
   * A threshold with what is known of it.
   *
   * @param asked the share of negative rows that may be flagged
   * @param score a row is flagged whose score lies above it
   * @param rate the share that was flagged in groups it was not set on; NaN where nobody measured
   * @param low the lower end of the rate's 95 % interval
   * @param high the upper
   * @param recall the share of positive rows above it
   */
  public record KeptThreshold(
      double asked, double score, double rate, double low, double high, double recall) {
    /** A threshold that was set on held-out scores. */
    public static KeptThreshold of(Threshold set) {
      return new KeptThreshold(
          set.asked(),
          set.score(),
          set.rate().value(),
          set.rate().low(),
          set.rate().high(),
          set.recall().value());
    }
  }

  /**
   * The same with a curve and thresholds of other rows.
   *
   * @param read how those rows were read
   * @param on the rows
   */
  public SavedProbe calibrated(
      Reading read,
      Optional<ProbabilityCurve> other,
      List<KeptThreshold> set,
      Map<String, Object> on) {
    Map<String, Object> where = new LinkedHashMap<>(data);
    where.put("calibrated_on", on);
    return new SavedProbe(
        name, what, chosen, by, form, read, positive, negative, graded, other, set, model, prompt,
        where, figures, verdict);
  }

  /**
   * The threshold of a false-positive rate.
   *
   * @throws InvalidInputException if the probe has none of that rate
   */
  public KeptThreshold threshold(double asked) {
    return thresholds.stream()
        .filter(one -> Math.abs(one.asked() - asked) < 1e-9)
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "the probe '%s' has no threshold for a false-positive rate of %s; it has those of %s"
                        .formatted(
                            name, asked, thresholds.stream().map(KeptThreshold::asked).toList())));
  }
}
