/**
 * The experiment file: YAML with places, strict keys, overrides from the command line, and the
 * configuration that factories are given.
 */
package dev.sonde.engine.experiment;
