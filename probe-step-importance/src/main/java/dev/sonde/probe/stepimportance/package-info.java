/** The probe: chains, cohorts, report. */
package dev.sonde.probe.stepimportance;
