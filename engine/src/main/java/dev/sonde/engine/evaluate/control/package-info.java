/**
 * The controls of an evaluation, one class each: a new one implements {@link
 * dev.sonde.engine.evaluate.control.Control} and takes its place in {@link
 * dev.sonde.engine.evaluate.control.Controls}.
 */
package dev.sonde.engine.evaluate.control;
