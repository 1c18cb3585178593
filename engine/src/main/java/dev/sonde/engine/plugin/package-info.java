/**
 * Finds plugins and loads each into its own module layer, step by step, with a typed outcome.
 * Nothing here knows any plugin by name.
 */
package dev.sonde.engine.plugin;
