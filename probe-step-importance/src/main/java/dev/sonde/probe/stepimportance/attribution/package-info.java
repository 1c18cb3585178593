/** How strongly steps influence later steps and the answer. */
package dev.sonde.probe.stepimportance.attribution;
