package dev.sonde.probe.stepimportance.attribution;

import dev.sonde.probe.stepimportance.answer.Endings;
import java.util.Arrays;
import java.util.Locale;

/** What influence is followed back from. */
public enum Root {
  /** The last step of the prefix: the paper's. */
  LAST_STEP,
  /** Elicitation and answer behind the prefix, as the authors' code has it. */
  ANSWER,
  /** Elicitation and what the model itself writes there. */
  WRITTEN;

  /** The root of that name, one of the settings' choices. */
  public static Root named(String name) {
    return Arrays.stream(values()).filter(r -> r.toString().equals(name)).findFirst().orElseThrow();
  }

  /** Whether it is a step, which is then never removed. */
  public boolean isStep() {
    return this == LAST_STEP;
  }

  /** The tokens that stand behind the prefix for it. */
  int[] ending(Endings endings) {
    return switch (this) {
      case LAST_STEP -> new int[0];
      case ANSWER -> endings.formed().clone();
      case WRITTEN -> endings.written().clone();
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
