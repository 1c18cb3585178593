/**
 * What the engine finds around it: its folders, the machine's limits, and who hears of progress.
 */
package dev.sonde.engine.host;
