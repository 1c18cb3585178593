/** The plugin, its settings, and the probe, which takes the rooms below in their order. */
package dev.sonde.probe.stepimportance;
