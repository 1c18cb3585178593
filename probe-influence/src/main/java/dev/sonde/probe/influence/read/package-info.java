/**
 * Documents and queries as tokens, and the gradients of their losses: the inputs of each linear
 * layer and the gradients of its outputs, for one layer and some complete texts at a time.
 */
package dev.sonde.probe.influence.read;
