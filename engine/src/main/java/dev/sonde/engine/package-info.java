/** The facade: Sonde for programs that embed it. The command line uses nothing else. */
package dev.sonde.engine;
