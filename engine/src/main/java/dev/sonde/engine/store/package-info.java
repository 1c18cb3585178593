/**
 * Activations on disk: one entry per model, backend, site and selection, in chunks of rows, so that
 * nothing is computed twice and adding a site captures that site only.
 */
package dev.sonde.engine.store;
