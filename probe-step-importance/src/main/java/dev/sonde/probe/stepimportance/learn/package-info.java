/** Classifiers of steps, their features, and the statistics of their accuracy. */
package dev.sonde.probe.stepimportance.learn;
