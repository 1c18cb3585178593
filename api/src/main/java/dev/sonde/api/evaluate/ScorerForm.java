package dev.sonde.api.evaluate;

import dev.sonde.api.ApiStatus;
import dev.sonde.api.InvalidInputException;
import dev.sonde.api.linalg.Matrix;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A fitted scorer as data: named tensors, and texts that say how to apply them. A run writes it to
 * a file, from which {@link Decoder#restored} makes the scorer again, and which other programs
 * read. Of the kind {@value #LINEAR} the tensors are {@value #WEIGHTS}, one per feature, and
 * {@value #BIAS}, one number: {@code score = x · weights + bias}. Every other kind belongs to the
 * decoder that gives it.
 *
 * <p>An instance is immutable; each method gives another one.
 */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.2")
public final class ScorerForm {
  /** The kind of a scorer that is {@code x · weights + bias} and nothing else. */
  public static final String LINEAR = "linear";

  /** The tensor of a linear form with one number per feature. */
  public static final String WEIGHTS = "weights";

  /** The tensor of a linear form with one number. */
  public static final String BIAS = "bias";

  private final String kind;
  private final Map<String, Matrix> tensors;
  private final Map<String, String> texts;

  private ScorerForm(String kind, Map<String, Matrix> tensors, Map<String, String> texts) {
    this.kind = kind;
    this.tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    this.texts = Collections.unmodifiableMap(new LinkedHashMap<>(texts));
  }

  /**
   * A form without tensors yet.
   *
   * @param kind lower-case words joined by {@code _}; {@value #LINEAR} is taken
   */
  public static ScorerForm of(String kind) {
    return new ScorerForm(kind, Map.of(), Map.of());
  }

  /**
   * The form of a linear scorer, in float64.
   *
   * @param weights one per feature
   */
  public static ScorerForm linear(double[] weights, double bias) {
    return of(LINEAR)
        .tensor(WEIGHTS, Matrix.of(Matrix.Type.FLOAT64, new double[][] {weights}))
        .tensor(BIAS, Matrix.of(Matrix.Type.FLOAT64, new double[][] {{bias}}))
        .text("apply", "score = x · weights + bias");
  }

  /**
   * The same with one tensor more.
   *
   * @param name of its own in the form
   * @param values a matrix of one row is written as a vector
   */
  public ScorerForm tensor(String name, Matrix values) {
    Map<String, Matrix> more = new LinkedHashMap<>(tensors);
    more.put(name, values);
    return new ScorerForm(kind, more, texts);
  }

  /**
   * The same with one text more. The text {@code apply} tells a reader of the file how a score is
   * made of a row x and the tensors.
   */
  public ScorerForm text(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(texts);
    more.put(name, value);
    return new ScorerForm(kind, tensors, more);
  }

  /** What the tensors mean: {@value #LINEAR}, or a kind of the decoder's own. */
  public String kind() {
    return kind;
  }

  /** The tensors by name. */
  public Map<String, Matrix> tensors() {
    return tensors;
  }

  /** The texts by name. */
  public Map<String, String> texts() {
    return texts;
  }

  /**
   * A tensor.
   *
   * @throws InvalidInputException if there is none of that name
   */
  public Matrix tensor(String name) {
    Matrix found = tensors.get(name);
    if (found == null) {
      throw new InvalidInputException(
          "the form of kind '%s' has no tensor '%s'; it has %s"
              .formatted(kind, name, tensors.keySet()));
    }
    return found;
  }
}
