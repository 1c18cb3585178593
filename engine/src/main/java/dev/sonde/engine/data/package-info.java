/** Data sets: reads rows and turns them into studies. */
package dev.sonde.engine.data;
