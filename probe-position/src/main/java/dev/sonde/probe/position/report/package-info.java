/** Metrics, figures and conclusions. */
package dev.sonde.probe.position.report;
