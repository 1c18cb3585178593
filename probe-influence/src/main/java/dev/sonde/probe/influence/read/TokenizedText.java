package dev.sonde.probe.influence.read;

import dev.sonde.api.data.Example;
import dev.sonde.api.model.Objective;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.model.Sequence.Target;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A document, or a query with its completion, as the model reads it.
 *
 * @param example the row it is from
 * @param text what was tokenized
 * @param tokens token ids, at least two
 * @param lossFrom the first token that is predicted: of a completion, or of what a document is
 *     trained on; at least 1
 * @param lossTo the one behind the last that is predicted
 * @param against a query's other completion, whose log-probability is subtracted from its own
 */
public record TokenizedText(
    Example example,
    String text,
    int[] tokens,
    int lossFrom,
    int lossTo,
    Optional<TokenizedText> against) {
  /** An odd number near 2⁶⁴ divided by the golden ratio, which spreads neighbouring hashes. */
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  /** One that is predicted from a token on to its end. */
  public TokenizedText(Example example, String text, int[] tokens, int lossFrom) {
    this(example, text, tokens, lossFrom, tokens.length, Optional.empty());
  }

  /** The same, but for a measurement that is its log-probability less another's. */
  TokenizedText less(TokenizedText other) {
    return new TokenizedText(example, text, tokens, lossFrom, lossTo, Optional.of(other));
  }

  /** The id of its row. */
  public String id() {
    return example.id();
  }

  /** Its column {@code kind}; empty where it has none. */
  public String kind() {
    return example.has("kind") ? example.text("kind") : "";
  }

  /** How many of its tokens are predicted. */
  public int predicted() {
    return lossTo - lossFrom;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TokenizedText that
        && lossFrom == that.lossFrom
        && lossTo == that.lossTo
        && id().equals(that.id())
        && Arrays.equals(tokens, that.tokens)
        && against.equals(that.against);
  }

  @Override
  public int hashCode() {
    return id().hashCode();
  }

  /** As a sequence whose predicted tokens are scored, or trained on. */
  public Sequence scored() {
    return Sequence.of(tokens).targets(targets());
  }

  /** Its loss: the summed negative log-probabilities of what is predicted, in nats. */
  Objective loss() {
    return Objective.of(Objective.LOSS, targets(), 0);
  }

  /** The loss on labels drawn by the model itself; the draw depends on seed and id only. */
  public Objective sampledLoss(long seed) {
    long own = seed ^ (id().hashCode() * SPREAD);
    return Objective.of(Objective.SAMPLED_LOSS, targets(), own);
  }

  List<Target> targets() {
    return IntStream.range(lossFrom, lossTo)
        .mapToObj(position -> new Target(position, tokens[position]))
        .toList();
  }
}
