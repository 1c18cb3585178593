/** What a run would take of time, memory and disk, and whether this machine has it. */
package dev.sonde.engine.plan;
