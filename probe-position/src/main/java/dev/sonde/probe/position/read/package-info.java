/** Texts of a window's length, and queries and keys of a model that reads them. */
package dev.sonde.probe.position.read;
