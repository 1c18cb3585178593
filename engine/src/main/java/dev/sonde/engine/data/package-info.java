/** Data sets: reading JSONL and CSV rows, and turning them into studies. */
package dev.sonde.engine.data;
