/** Tests of subsequences and the search for the shortest that passes them. */
package dev.sonde.probe.stepimportance.search;
