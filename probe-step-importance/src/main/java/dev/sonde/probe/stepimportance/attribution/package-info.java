/** How strongly steps bear on later ones and on the answer. */
package dev.sonde.probe.stepimportance.attribution;
