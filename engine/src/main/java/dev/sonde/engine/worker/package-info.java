/**
 * Shards computed by other processes: what is told a {@code sonde worker} on its standard input and
 * answered on its standard output, frame by frame, and the workers of this machine.
 */
package dev.sonde.engine.worker;
