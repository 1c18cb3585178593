/** Processes a study cohort by cohort: from rows to what the search finds in their chains. */
package dev.sonde.probe.stepimportance.cohort;
