/** Packing, row selection, streams, sampling; see the module. */
package dev.sonde.packing;
