/**
 * What backends for Hugging Face folders and GGUF files share. This package needs the library
 * {@code formats}.
 */
package dev.sonde.packing.folder;
