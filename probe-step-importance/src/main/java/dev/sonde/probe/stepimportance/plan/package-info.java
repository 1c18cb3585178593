/** What the search will take, known before anything runs. */
package dev.sonde.probe.stepimportance.plan;
