/**
 * Decoders by name, each called as its plugin expects it, and what they were fitted to as files
 * that are read back and applied to other activations.
 */
package dev.sonde.engine.fitted;
