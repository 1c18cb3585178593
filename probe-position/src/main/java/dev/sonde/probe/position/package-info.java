/** The probe {@code position}: its settings, its stages and its shards. */
package dev.sonde.probe.position;
