/** Strict JSON as maps, lists, texts, numbers and booleans, read and written. */
package dev.sonde.formats.json;
