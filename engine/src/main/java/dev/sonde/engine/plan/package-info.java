/** The time, memory and disk that a run would take, and whether this machine has them. */
package dev.sonde.engine.plan;
