/** Probes: what they ask for in advance, and what they work on. */
package dev.sonde.api.probe;
