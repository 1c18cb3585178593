/**
 * The controls of an evaluation, one class each. A new control implements {@link
 * dev.sonde.engine.evaluate.control.Control} and is listed in {@link
 * dev.sonde.engine.evaluate.control.Controls}.
 */
package dev.sonde.engine.evaluate.control;
