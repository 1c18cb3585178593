/** What the scores and retrainings amount to: figures of merit, tables, plots and files. */
package dev.sonde.probe.influence.report;
