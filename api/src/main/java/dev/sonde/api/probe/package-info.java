/** Probes: what they ask for beforehand, and what they work on. */
package dev.sonde.api.probe;
