/** Classifiers of steps, what they read, and the statistics of how often they are right. */
package dev.sonde.probe.stepimportance.learn;
