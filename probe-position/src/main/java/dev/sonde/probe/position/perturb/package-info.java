/** What perturbations do to a running model. */
package dev.sonde.probe.position.perturb;
