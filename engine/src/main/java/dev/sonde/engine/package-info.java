/** The facade, for programs that embed Sonde. The command line uses nothing else. */
package dev.sonde.engine;
