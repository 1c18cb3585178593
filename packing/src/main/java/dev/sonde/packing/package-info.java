/** Packing, row selection, streams; see the module. */
package dev.sonde.packing;
