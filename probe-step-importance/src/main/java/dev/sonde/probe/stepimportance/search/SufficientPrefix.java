package dev.sonde.probe.stepimportance.search;

import dev.sonde.probe.stepimportance.answer.ChainUnderTest;
import dev.sonde.probe.stepimportance.chain.Mask;

/**
 * The part of a chain that its core is searched in.
 *
 * @param remaining the steps left after shortcut removal
 * @param steps the first of them that suffice
 */
record SufficientPrefix(ChainUnderTest chain, Mask remaining, Mask steps) {}
