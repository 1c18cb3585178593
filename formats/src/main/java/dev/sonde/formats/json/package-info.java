/** Strict JSON as maps, lists, texts, numbers and booleans. */
package dev.sonde.formats.json;
