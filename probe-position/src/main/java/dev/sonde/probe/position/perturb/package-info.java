/** The effect of perturbations on a running model. */
package dev.sonde.probe.position.perturb;
