package dev.sonde.probe.stepimportance.answer;

import dev.sonde.probe.stepimportance.chain.Mask;

/** One subsequence of one chain, to be tested. */
public record Trial(ChainUnderTest chain, Mask mask) {}
