/**
 * The experiment file: YAML with line numbers, strict keys, overrides from the command line, and
 * the configuration that factories get.
 */
package dev.sonde.engine.experiment;
