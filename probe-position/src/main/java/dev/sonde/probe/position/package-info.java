/** The probe {@code position}: its settings, stages and shards. */
package dev.sonde.probe.position;
