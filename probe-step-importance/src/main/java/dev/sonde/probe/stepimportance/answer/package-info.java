/** Asks a model for answers after some of a chain's steps: sufficiency and attainability. */
package dev.sonde.probe.stepimportance.answer;
