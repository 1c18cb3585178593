/** Importances from chains that others wrote anew, without running a model. */
package dev.sonde.probe.stepimportance.rollouts;
