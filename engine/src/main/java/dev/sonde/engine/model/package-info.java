/** Opens models through the backends and tokenizers of plugins. */
package dev.sonde.engine.model;
