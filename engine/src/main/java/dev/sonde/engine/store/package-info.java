/**
 * Activations on disk. There is one entry per model, backend, site and selection, in chunks of
 * rows, so that nothing is computed twice and adding a site captures only that site.
 */
package dev.sonde.engine.store;
