/** Chains of thought: their texts, steps and tokens. */
package dev.sonde.probe.stepimportance.chain;
