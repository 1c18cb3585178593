/** Asking a model for answers behind some of a chain's steps: sufficiency and attainability. */
package dev.sonde.probe.stepimportance.answer;
