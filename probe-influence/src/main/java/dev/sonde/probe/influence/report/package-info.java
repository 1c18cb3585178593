/** Reports scores and retrainings: metrics, tables, figures and files. */
package dev.sonde.probe.influence.report;
