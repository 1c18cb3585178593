/**
 * Whether importance can be read from activations before the chain continues, and from what else.
 */
package dev.sonde.probe.stepimportance.predict;
