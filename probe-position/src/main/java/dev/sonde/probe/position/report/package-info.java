/** Figures, metrics and conclusions. */
package dev.sonde.probe.position.report;
