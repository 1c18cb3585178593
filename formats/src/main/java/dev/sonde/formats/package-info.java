/** The exception that all formats share, and content hashes. */
package dev.sonde.formats;
