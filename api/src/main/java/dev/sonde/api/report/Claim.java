package dev.sonde.api.report;

import dev.sonde.api.ApiStatus;
import java.util.List;

/**
 * A question with its answer, which follows from the evidence alone, by the same rules for every
 * probe. The first that applies:
 *
 * <ol>
 *   <li><b>cannot be told</b>: the probe says why its data cannot tell ({@link
 *       ClaimEvidence#cannotTell}), whatever was computed.
 *   <li><b>not tested</b>: the statement's own figure does not exist, or no test of the statement
 *       was computed.
 *   <li><b>no</b>: something that was asked for is not so. A figure lies on the wrong side of its
 *       level; a rival reaches as much; or p is above {@value #CHANCE}, though p could have come
 *       out at {@value #ALPHA} or below.
 *   <li><b>cannot be told</b>: everything lies on the right side, but not surely: an interval
 *       reaches across its level or does not exist; the margin over a rival reaches across 0 or was
 *       not computed; p is above {@value #ALPHA}; or so few groups or draws could not have given a
 *       smaller one.
 *   <li><b>yes</b>: p is at most {@value #ALPHA} (or the figure's own 95 % interval is the test),
 *       every figure lies on the right side of its level with its whole interval, and so does the
 *       margin over every rival.
 * </ol>
 *
 * <p>docs/verdicts.md tells the same to a student.
 *
 * @see ClaimEvidence#judged
 */
@ApiStatus(value = ApiStatus.Level.STABLE, since = "0.2")
public final class Claim {
  /** The largest p of a yes. */
  public static final double ALPHA = 0.01;

  /** A p above it is what chance gives. */
  public static final double CHANCE = 0.05;

  private final ClaimEvidence evidence;
  private final Answer answer;
  private final List<String> because;
  private final List<String> needed;
  private final String overturn;

  Claim(
      ClaimEvidence evidence,
      Answer answer,
      List<String> because,
      List<String> needed,
      String overturn) {
    this.evidence = evidence;
    this.answer = answer;
    this.because = List.copyOf(because);
    this.needed = List.copyOf(needed);
    this.overturn = overturn;
  }

  /** The four answers. */
  public enum Answer {
    /** Everything that was asked for holds, beyond doubt of the data. */
    YES("yes"),
    /** Something that was asked for does not hold. */
    NO("no"),
    /** The data do not decide it. */
    CANNOT_BE_TOLD("cannot be told"),
    /** Nothing was computed that could tell. */
    NOT_TESTED("not tested");

    private final String word;

    Answer(String word) {
      this.word = word;
    }

    /** The answer for readers, also in report.json. */
    public String word() {
      return word;
    }
  }

  /** All that the answer rests on. */
  public ClaimEvidence evidence() {
    return evidence;
  }

  /** The answer. */
  public Answer answer() {
    return answer;
  }

  /** What decided it: for a yes all that holds, else what does not, each in a clause. */
  public List<String> because() {
    return because;
  }

  /** What would be needed to tell; empty where the answer is yes or no. */
  public List<String> needed() {
    return needed;
  }

  /** What would overturn a yes or a no, in a clause; empty where it is neither. */
  public String overturn() {
    return overturn;
  }

  @Override
  public String toString() {
    return "%s %s: %s".formatted(evidence.question(), answer.word(), String.join("; ", because));
  }
}
