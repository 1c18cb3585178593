/** The linear probe and its closed-form decoders; see the module. */
package dev.sonde.probe.linear;
