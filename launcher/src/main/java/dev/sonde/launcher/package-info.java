/** The command-line entry. */
package dev.sonde.launcher;
