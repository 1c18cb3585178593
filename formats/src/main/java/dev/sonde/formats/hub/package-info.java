/**
 * Models and single files from the Hugging Face hub, in the cache shared with its Python library.
 * {@link dev.sonde.formats.hub.Hub#snapshot} is the entry point.
 */
@NullMarked
package dev.sonde.formats.hub;

import org.jspecify.annotations.NullMarked;
