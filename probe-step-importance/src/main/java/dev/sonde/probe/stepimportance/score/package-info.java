/** Subsets of a chain's steps scored by the answer that they lead to. */
package dev.sonde.probe.stepimportance.score;
