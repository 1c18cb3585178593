/**
 * What every evaluation gets, as values: {@code fit} has folds and cross-validation, {@code
 * control} one class per control, and here they become one result of which the report is made.
 */
package dev.sonde.engine.evaluate;
