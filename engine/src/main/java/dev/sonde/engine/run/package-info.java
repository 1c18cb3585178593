/**
 * One run: the experiment resolved, what is missing captured, probes called one after the other,
 * the report written. A run folder is complete and consistent at any moment.
 */
package dev.sonde.engine.run;
