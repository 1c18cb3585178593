/** The entry point of the command line. */
package dev.sonde.launcher;
