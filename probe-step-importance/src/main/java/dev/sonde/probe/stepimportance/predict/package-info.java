/** Whether activations tell importance before the chain goes on, and what else does. */
package dev.sonde.probe.stepimportance.predict;
