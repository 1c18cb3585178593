/** Answers in generated texts: where they stand, what they say, when two are equal. */
package dev.sonde.answers;
