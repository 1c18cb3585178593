/** Data sets: reading rows, and turning them into studies. */
package dev.sonde.engine.data;
