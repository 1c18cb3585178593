package dev.sonde.probe.stepimportance.search;

import dev.sonde.probe.stepimportance.chain.Mask;

/** One subsequence of one chain, to be tested. */
record Trial(ChainUnderTest chain, Mask mask) {}
