/** Logistic regression as a decoder; see the module. */
package dev.sonde.decoder.smile;
