/**
 * What is done with a model outside runs: capture files, steered text, comparison of number types,
 * direction files.
 */
package dev.sonde.engine.tools;
