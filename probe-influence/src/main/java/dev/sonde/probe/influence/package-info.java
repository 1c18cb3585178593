/**
 * The plugin, its settings, the probe, and the code that computes the probe's shards. The packages
 * below follow the data, and each knows only those before it: {@code read}, {@code curvature},
 * {@code score}, {@code check}, {@code report}.
 */
package dev.sonde.probe.influence;
