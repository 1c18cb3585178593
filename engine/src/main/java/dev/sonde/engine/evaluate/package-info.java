/**
 * Evaluates decoders. {@code fit} has folds and cross-validation, {@code control} has one class per
 * control, and this package combines them into one result, from which the report is made.
 */
package dev.sonde.engine.evaluate;
