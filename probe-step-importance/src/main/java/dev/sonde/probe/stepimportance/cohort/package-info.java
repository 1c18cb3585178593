/** A study taken cohort by cohort: from rows to what the search found in their chains. */
package dev.sonde.probe.stepimportance.cohort;
