/** Reading importance off activations, and what must be beaten without them. */
package dev.sonde.probe.stepimportance.learn;
