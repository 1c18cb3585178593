/** Texts as long as a window, and the queries and keys of a model that reads them. */
package dev.sonde.probe.position.read;
