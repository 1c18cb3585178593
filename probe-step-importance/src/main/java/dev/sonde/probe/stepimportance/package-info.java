/** The plugin, its settings, and the probe, which uses the packages below in order. */
package dev.sonde.probe.stepimportance;
