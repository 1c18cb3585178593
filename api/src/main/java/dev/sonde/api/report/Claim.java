package dev.sonde.api.report;

import dev.sonde.api.ApiStatus;
import java.util.List;

/**
 * A question with its answer, which only the {@link Judge} gives.
 *
 * @see ClaimEvidence
 */
@ApiStatus(value = ApiStatus.Level.STABLE, since = "0.2")
public final class Claim {
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
