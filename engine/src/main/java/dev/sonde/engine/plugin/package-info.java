/**
 * Finds plugins and loads each into a module layer of its own, step by step, with a typed outcome.
 * Nothing here knows any plugin by name.
 */
package dev.sonde.engine.plugin;
