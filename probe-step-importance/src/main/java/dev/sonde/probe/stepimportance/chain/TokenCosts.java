package dev.sonde.probe.stepimportance.chain;

import dev.sonde.api.model.Sequence;
import java.util.HashSet;
import java.util.Set;

/**
 * What requests cost in tokens. A prefix that an earlier request of the same stage held counts as
 * saved, as it is by a backend that keeps prefixes and has room for them.
 */
public final class TokenCosts {
  private static final long FACTOR = 0x9E3779B97F4A7C15L;

  private final Set<Long> prefixes = new HashSet<>();
  private long forward;
  private long generated;
  private long backward;
  private long saved;

  /** Forgets the prefixes, as the model does between stages. */
  public void newStage() {
    prefixes.clear();
  }

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

  /** Counts the passes back through a sequence, one for each objective. */
  public void differentiated(Sequence sequence) {
    forward += sequence.length();
    backward += (long) sequence.length() * sequence.objectives().size();
  }

  /** StepTokens run forward. */
  public long forward() {
    return forward;
  }

  /** StepTokens generated. */
  public long generated() {
    return generated;
  }

  /** StepTokens run backward. */
  public long backward() {
    return backward;
  }

  /** StepTokens that were not run again. */
  public long saved() {
    return saved;
  }
}
