/** Answers in generated texts: where they are, what they say, and when two are equal. */
package dev.sonde.answers;
