/** Pure functions on a model: whoever needs a figure of them has it reported elsewhere. */
package dev.sonde.trials;
