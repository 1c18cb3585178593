/** Planted data whose right answer is known, and how often the claims of every probe give it. */
@org.jspecify.annotations.NullMarked
package dev.sonde.traps;
