/**
 * Labels from the model itself: it answers, the answers are judged, later probes ask about that.
 */
package dev.sonde.probe.linear.answers;
