/**
 * Models and single files from the Hugging Face hub, in the cache that its Python library shares:
 * {@link dev.sonde.formats.hub.Hub#snapshot} is the one door.
 */
@NullMarked
package dev.sonde.formats.hub;

import org.jspecify.annotations.NullMarked;
