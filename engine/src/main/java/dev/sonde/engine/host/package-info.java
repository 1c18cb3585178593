/**
 * The engine's environment: its folders, the limits of the machine, and the listeners for progress.
 */
package dev.sonde.engine.host;
