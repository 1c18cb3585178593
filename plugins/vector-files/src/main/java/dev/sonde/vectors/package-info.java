/** Formats of direction files; see the module. */
package dev.sonde.vectors;
