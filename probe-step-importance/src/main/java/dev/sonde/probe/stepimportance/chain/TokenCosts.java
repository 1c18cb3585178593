package dev.sonde.probe.stepimportance.chain;

import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.Artifact;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What requests cost in tokens. A prefix that an earlier request of the same shard held counts as
 * saved, as it is by a backend that keeps prefixes and has room for them.
 */
public final class TokenCosts {
  private static final long FACTOR = 0x9E3779B97F4A7C15L;

  private final Set<Long> prefixes = new HashSet<>();
  private long forward;
  private long generated;
  private long backward;
  private long saved;

  /** Counts the tokens of a sequence that is run. */
  public void ran(Sequence sequence) {
    long hash = 1;
    for (int i = 0; i < sequence.length(); i++) {
      hash = (hash ^ sequence.token(i)) * FACTOR;
      hash ^= hash >>> 29;
      if (prefixes.add(hash)) {
        forward++;
      } else {
        saved++;
      }
    }
  }

  /** Counts new tokens. */
  public void wrote(int tokens) {
    generated += tokens;
  }

  /**
   * Counts the passes back through a sequence, one for each objective: as far as to its first span,
   * what stands before it is run once for all.
   */
  public void differentiated(Sequence sequence) {
    int before = sequence.spans().isEmpty() ? 0 : sequence.spans().getFirst().from();
    long behind = (long) sequence.length() - before;
    forward += behind;
    backward += behind * sequence.objectives().size();
  }

  /** The counts by the names that they have in the run's timing. */
  public Map<String, Long> amounts() {
    Map<String, Long> amounts = new LinkedHashMap<>();
    amounts.put("cost.forward_tokens", forward);
    amounts.put("cost.generated_tokens", generated);
    amounts.put("cost.backward_tokens", backward);
    amounts.put("cost.tokens_saved_by_prefixes", saved);
    return amounts;
  }

  /** The counts, as a part of what a shard gives. */
  public Artifact artifact() {
    Artifact counts = Artifact.empty();
    for (Map.Entry<String, Long> each : amounts().entrySet()) {
      counts = counts.with(each.getKey(), each.getValue());
    }
    return counts;
  }

  /** The counts of one shard. */
  public static Map<String, Long> read(Artifact shard) {
    Map<String, Long> amounts = new TokenCosts().amounts();
    amounts.replaceAll((name, none) -> shard.integers(name)[0]);
    return amounts;
  }
}
