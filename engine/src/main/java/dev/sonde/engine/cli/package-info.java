/** The command line: options in, messages on stderr, results on stdout, an exit code. */
package dev.sonde.engine.cli;
