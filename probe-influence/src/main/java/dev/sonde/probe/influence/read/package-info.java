/**
 * Documents and queries as tokens, and the gradients of their losses: what each linear takes and
 * the gradients of what it gives, one linear and some whole texts at a time.
 */
package dev.sonde.probe.influence.read;
