/** The search for the shortest subsequence that passes both tests, in many chains at once. */
package dev.sonde.probe.stepimportance.search;
