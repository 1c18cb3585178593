package dev.sonde.api.model;

import dev.sonde.api.ApiStatus;
import java.util.Arrays;

/**
 * A change of activations while a model runs. It is data: a kind that a backend knows or refuses
 * ({@link Capabilities#interventions}), where, which tokens, and numbers. A read at the same point
 * sees the value after the change; several changes at one point act in the order in which the
 * sequence names them.
 */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.1")
public final class Intervention {
  /** Adds {@code amount · vector}. */
  public static final String ADD = "add";

  /** Multiplies the part along the vector by {@code 1 + amount}; −1 takes it away. */
  public static final String SCALE_ALONG = "scale_along";

  /** Puts the vector in place of the row. */
  public static final String REPLACE = "replace";

  /** Puts given rows in place of the selected ones, in their order. */
  public static final String PATCH = "patch";

  /**
   * Takes away {@code amount} of what is read along one vector around a mean, in the direction of
   * another. Its values are three rows: what is removed, what is read, and the mean.
   */
  public static final String ERASE = "erase";

  /** When an intervention acts; a token is either given or generated, so there are no others. */
  public enum Phase {
    /** On the tokens that were given. */
    PROMPT,
    /** On the tokens that a generation adds. */
    GENERATED,
    /** On all of them. */
    ALWAYS
  }

  private final String kind;
  private final HookPoint point;
  private final Selector selector;
  private final double amount;
  private final float[] values;
  private final boolean keepsNorm;
  private final Phase phase;

  private Intervention(
      String kind,
      HookPoint point,
      Selector selector,
      double amount,
      float[] values,
      boolean keepsNorm,
      Phase phase) {
    this.kind = kind;
    this.point = point;
    this.selector = selector;
    this.amount = amount;
    this.values = values;
    this.keepsNorm = keepsNorm;
    this.phase = phase;
  }

  /**
   * An intervention of any kind, known here or not.
   *
   * @param amount the factor of its kind
   * @param values the vector or rows of its kind
   */
  public static Intervention of(
      String kind, HookPoint point, Selector selector, double amount, float[] values) {
    return new Intervention(kind, point, selector, amount, values.clone(), false, Phase.ALWAYS);
  }

  /** {@code h + amount · v}. */
  public static Intervention add(
      HookPoint point, Selector selector, float[] vector, double amount) {
    return of(ADD, point, selector, amount, vector);
  }

  /** {@code h + amount · (h · r̂) r̂}, r̂ the vector at length one. */
  public static Intervention scaleAlong(
      HookPoint point, Selector selector, float[] vector, double amount) {
    return of(SCALE_ALONG, point, selector, amount, vector);
  }

  /** {@code h − (h · r̂) r̂}. */
  public static Intervention projectOut(HookPoint point, Selector selector, float[] vector) {
    return scaleAlong(point, selector, vector, -1);
  }

  /**
   * {@code h − (v · (h − μ)) u}: an erasure of one direction, such as LEACE's.
   *
   * @param removed u
   * @param read v, as long as u
   * @param mean μ, as long as u
   */
  public static Intervention erase(
      HookPoint point, Selector selector, float[] removed, float[] read, float[] mean) {
    if (read.length != removed.length || mean.length != removed.length) {
      throw new IllegalArgumentException(
          "vectors of %d, %d and %d numbers".formatted(removed.length, read.length, mean.length));
    }
    float[] values = Arrays.copyOf(removed, 3 * removed.length);
    System.arraycopy(read, 0, values, removed.length, read.length);
    System.arraycopy(mean, 0, values, 2 * removed.length, mean.length);
    return of(ERASE, point, selector, 1, values);
  }

  /** Zeros in place of the row. */
  public static Intervention zero(HookPoint point, Selector selector, int width) {
    return of(REPLACE, point, selector, 1, new float[width]);
  }

  /** A vector, for example a mean, in place of the row. */
  public static Intervention replace(HookPoint point, Selector selector, float[] vector) {
    return of(REPLACE, point, selector, 1, vector);
  }

  /**
   * Rows, for example of another prompt, in place of the selected ones.
   *
   * @param rows {@code [selected tokens, width]}, row by row
   */
  public static Intervention patch(HookPoint point, Selector selector, float[] rows) {
    return of(PATCH, point, selector, 1, rows);
  }

  /** The same, each changed row brought back to the length it had. */
  public Intervention keepingNorm() {
    return new Intervention(kind, point, selector, amount, values, true, phase);
  }

  /** The same in one phase only. */
  public Intervention in(Phase when) {
    return new Intervention(kind, point, selector, amount, values, keepsNorm, when);
  }

  /** What it does. */
  public String kind() {
    return kind;
  }

  /** Where. */
  public HookPoint point() {
    return point;
  }

  /**
   * Adds to attention scores, before the softmax; what is masked stays masked.
   *
   * @param point of site {@link HookPoint#SCORES}
   * @param values {@code [heads, tokens, tokens]}, query by key, of the whole sequence
   */
  public static Intervention addToScores(HookPoint point, float[] values, double amount) {
    return of(ADD, point, Selector.all(), amount, values);
  }

  /**
   * Puts others in place of attention scores, after scale and soft cap; what is masked stays
   * masked.
   *
   * @param values as in {@link #addToScores}
   */
  public static Intervention replaceScores(HookPoint point, float[] values) {
    return of(REPLACE, point, Selector.all(), 1, values);
  }

  /** Which of the tokens that were given; generated ones are always all of them. */
  public Selector selector() {
    return selector;
  }

  /** The factor of its kind. */
  public double amount() {
    return amount;
  }

  /** The vector or rows of its kind. */
  public float[] values() {
    return values.clone();
  }

  /** Whether rows keep their length. */
  public boolean keepsNorm() {
    return keepsNorm;
  }

  /** When it acts. */
  public Phase phase() {
    return phase;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Intervention that
        && kind.equals(that.kind)
        && point.equals(that.point)
        && selector.equals(that.selector)
        && amount == that.amount
        && keepsNorm == that.keepsNorm
        && phase == that.phase
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values) * 31 + point.hashCode();
  }

  @Override
  public String toString() {
    return "%s %s at %s@%s".formatted(kind, amount, point, selector);
  }
}
