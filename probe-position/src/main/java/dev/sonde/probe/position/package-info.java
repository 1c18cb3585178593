/** Position and meaning in attention: numerics, the probe, its perturbations and its report. */
package dev.sonde.probe.position;
