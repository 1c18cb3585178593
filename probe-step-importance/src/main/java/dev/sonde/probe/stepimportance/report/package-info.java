/** What was found, as figures, illustrations and files. */
package dev.sonde.probe.stepimportance.report;
