package dev.sonde.probe.stepimportance.search;

import dev.sonde.probe.stepimportance.answer.ChainUnderTest;
import dev.sonde.probe.stepimportance.chain.Mask;
import java.util.List;

/**
 * The part of a chain that its core is searched in.
 *
 * @param shortcuts the steps that were taken out
 * @param steps the first of the others that suffice
 */
record SufficientPrefix(ChainUnderTest chain, List<Shortcut> shortcuts, Mask steps) {
  SufficientPrefix {
    shortcuts = List.copyOf(shortcuts);
  }

  /** The steps left after shortcut removal. */
  Mask remaining() {
    Mask out = Mask.of(shortcuts.stream().mapToInt(Shortcut::step).toArray());
    return chain.steps().minus(out);
  }
}
