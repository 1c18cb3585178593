/**
 * One run: resolves the experiment, captures what is missing, calls the probes one after the other,
 * and writes the report. The run folder is complete and consistent at any moment.
 */
package dev.sonde.engine.run;
